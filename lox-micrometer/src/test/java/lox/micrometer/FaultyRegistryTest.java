package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong with a registry concerns that one alone. */
class FaultyRegistryTest {
    private final SimpleMeterRegistry sound = new SimpleMeterRegistry();
    private final LoxMetrics metrics = LoxMetrics.create();
    private final Scatter<Integer, Integer> increment =
            Lox.on(metrics.monitor(Workers.threads(2).named("two")), number -> number + 1);

    @BeforeEach
    void bind() {
        metrics.bindTo(sound);
    }

    private void run() {
        List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
        assertThat(increment.gather(numbers)).hasSize(100).endsWith(100);
    }

    private static long tasks(SimpleMeterRegistry registry) {
        return registry.find("lox.task.duration").tag("outcome", "succeeded").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    @Test
    void shouldGoOnWhenARegistryIsClosed() {
        SimpleMeterRegistry closing = new SimpleMeterRegistry();
        metrics.bindTo(closing);
        run();
        closing.close();
        run();
        Scatter<Integer, Integer> later =
                Lox.on(metrics.monitor(Workers.threads(1).named("later")), number -> number + 2);
        assertThat(later.gather(List.of(1))).containsExactly(3);

        assertThat(tasks(sound)).isEqualTo(201);
        assertThat(closing.find("lox.task.duration").tag("workers", "later").timers())
                .isEmpty();
    }

    @Test
    void shouldGoOnWhenARegistryRefusesMeters() {
        SimpleMeterRegistry refusing = new SimpleMeterRegistry();
        refusing.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                throw new IllegalStateException("refuses " + id.getName());
            }
        });
        metrics.bindTo(refusing);
        run();

        assertThat(refusing.getMeters()).isEmpty();
        assertThat(tasks(sound)).isEqualTo(100);
    }

    @Test
    void shouldGoOnWithoutAMeterThatThrows() {
        SimpleMeterRegistry breaking = new SimpleMeterRegistry() {
            @Override
            protected Timer newTimer(Meter.Id id, DistributionStatisticConfig histogram, PauseDetector pauses) {
                return new BrokenTimer(id);
            }
        };
        SimpleMeterRegistry last = new SimpleMeterRegistry();
        metrics.bindTo(breaking);
        metrics.bindTo(last);
        run();
        run();

        assertThat(tasks(sound)).isEqualTo(200);
        assertThat(tasks(last)).isEqualTo(200);
    }

    private static final class BrokenTimer extends NoopTimer {
        BrokenTimer(Meter.Id id) {
            super(id);
        }

        @Override
        public void record(long amount, TimeUnit unit) {
            throw new IllegalStateException("is broken");
        }
    }
}
