package lox.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * One meter, in each registry that is bound. It is looked up in a registry once, not for each amount. Safe for use from
 * many threads.
 *
 * @param <M> the type of the meter in a registry
 */
abstract class BoundMeter<M> {
    private record Entry<M>(MeterRegistry registry, M meter) {}

    private record Entries<M>(List<MeterRegistry> of, List<Entry<M>> list) {
        Entries<M> without(Entry<M> broken) {
            return new Entries<>(
                    of, list.stream().filter(entry -> !entry.equals(broken)).toList());
        }
    }

    private final MeterBinding binding;
    private final String name;
    private volatile Entries<M> entries = new Entries<>(List.of(), List.of());

    BoundMeter(MeterBinding binding, String name) {
        this.binding = binding;
        this.name = name;
    }

    /** Finds or makes the meter in a registry. */
    abstract M register(MeterRegistry registry, String name);

    abstract void add(M meter, long amount);

    /** Registers the meter everywhere, so that it is shown before the first amount. */
    final void register() {
        current();
    }

    final void add(long amount) {
        List<Entry<M>> list = current().list;
        for (int i = 0; i < list.size(); i++) { // no iterator: once or twice a task
            Entry<M> entry = list.get(i);
            try {
                add(entry.meter, amount);
            } catch (RuntimeException broken) {
                MeterBinding.failed(entry.registry, name, broken);
                entries = entries.without(entry);
            }
        }
    }

    private Entries<M> current() {
        Entries<M> last = entries;
        List<MeterRegistry> bound = binding.registries();
        return last.of == bound ? last : registerWith(bound);
    }

    private Entries<M> registerWith(List<MeterRegistry> bound) {
        List<Entry<M>> list = new ArrayList<>();
        for (MeterRegistry registry : bound) {
            MeterBinding.attempt(registry, name, to -> list.add(new Entry<>(to, register(to, name))));
        }
        Entries<M> now = new Entries<>(bound, List.copyOf(list));
        entries = now;
        return now;
    }
}
