package lox.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** A counter, in each registry that is bound. */
final class BoundCounter extends BoundMeter<Counter> {
    private final String description;
    private final Tags tags;

    BoundCounter(MeterBinding binding, String name, String description, Tags tags) {
        super(binding, name);
        this.description = description;
        this.tags = tags;
    }

    @Override
    Counter register(MeterRegistry registry, String name) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    @Override
    void add(Counter counter, long amount) {
        counter.increment((double) amount);
    }
}
