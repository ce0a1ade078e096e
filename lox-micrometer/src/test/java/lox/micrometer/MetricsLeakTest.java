package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** Measuring keeps nothing, and loses nothing that is still in use. */
class MetricsLeakTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LoxMetrics metrics = LoxMetrics.create();

    private Workers build() {
        return metrics.monitor(Workers.threads(3).named("three"));
    }

    private Scatter<Integer, Integer> function() {
        return Lox.on(build(), number -> number + 1);
    }

    private WeakReference<Workers> useAndForget() {
        Workers workers = build();
        assertThat(Lox.on(workers, (Integer number) -> number + 1).gather(List.of(1)))
                .containsExactly(2);
        return new WeakReference<>(workers);
    }

    private double limit() {
        return registry.get("lox.workers.limit").gauge().value();
    }

    private static void collect() {
        System.gc();
    }

    @Test
    void shouldLetGoOfWorkersThatAreGarbage() {
        metrics.bindTo(registry);
        WeakReference<Workers> forgotten = useAndForget();

        Patience.until("the workers are collected", () -> {
            collect();
            return forgotten.get() == null;
        });

        assertThat(limit()).isZero();
        assertThat(registry.get("lox.task.duration")
                        .tag("outcome", "succeeded")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void shouldStillShowWorkersOfWhichOnlyAFunctionIsLeft() {
        metrics.bindTo(registry);
        WeakReference<Object> other = new WeakReference<>(new Object());
        Scatter<Integer, Integer> increment = function();

        Patience.until("what is garbage is collected", () -> {
            collect();
            return other.get() == null;
        });

        assertThat(limit()).isEqualTo(3);
        assertThat(increment.gather(List.of(1))).containsExactly(2);
    }
}
