package lox.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** A timer, in each registry that is bound. Amounts are nanoseconds. */
final class BoundTimer extends BoundMeter<Timer> {
    private final String description;
    private final Tags tags;

    BoundTimer(MeterBinding binding, String name, String description, Tags tags) {
        super(binding, name);
        this.description = description;
        this.tags = tags;
    }

    @Override
    Timer register(MeterRegistry registry, String name) {
        return Timer.builder(name).description(description).tags(tags).register(registry);
    }

    @Override
    void add(Timer timer, long nanos) {
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }
}
