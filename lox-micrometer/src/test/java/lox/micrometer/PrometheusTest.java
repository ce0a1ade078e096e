package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** The meters as Prometheus reads them. */
class PrometheusTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LoxMetrics metrics = LoxMetrics.create();

    static int halt(int status) {
        if (status > 0) {
            Runtime.getRuntime().halt(status);
        }
        return status;
    }

    @Test
    void shouldNameMetersAndUnitsAsPrometheusDoes() {
        registry.throwExceptionOnRegistrationFailure();
        metrics.bindTo(registry);
        Workers pages = metrics.monitor(Workers.threads(8).named("pages"));
        assertThat(Lox.on(pages, (Integer number) -> number + 1).gather(List.of(1, 2, 3)))
                .hasSize(3);

        String function = "function=\"PrometheusTest.shouldNameMetersAndUnitsAsPrometheusDoes.lambda\"";
        assertThat(registry.scrape())
                .contains("lox_task_duration_seconds_count{" + function + ",outcome=\"succeeded\",workers=\"pages\"} 3")
                .contains("lox_task_wait_seconds_count{" + function + ",workers=\"pages\"} 3")
                .contains(
                        "lox_batch_duration_seconds_count{" + function + ",outcome=\"completed\",workers=\"pages\"} 1")
                .contains("lox_workers_limit_tasks{workers=\"pages\"} 8.0")
                .contains("lox_workers_queued_tasks{workers=\"pages\"} 0.0")
                .contains("lox_workers_active_tasks{workers=\"pages\"} ")
                .contains("# HELP lox_task_duration_seconds How long attempts of tasks ran");
    }

    @Test
    void shouldCountWorkerProcessesByTheirEnd() {
        metrics.bindTo(registry);
        try (Workers jvms = metrics.monitor(Workers.processes(1).named("jvms"))) {
            Scatter<Integer, Integer> halt = Lox.on(jvms, PrometheusTest::halt);
            assertThat(halt.gather(List.of(0))).containsExactly(0);
            assertThatThrownBy(() -> halt.gather(List.of(3))).isInstanceOf(WorkerCrashedException.class);
            assertThat(halt.gather(List.of(0))).containsExactly(0);
        }

        awaitLine("lox_processes_started_total{workers=\"jvms\"} 2.0");
        awaitLine("lox_processes_ended_total{outcome=\"crashed\",workers=\"jvms\"} 1.0");
        awaitLine(
                "lox_task_duration_seconds_count{function=\"PrometheusTest.halt\",outcome=\"crashed\",workers=\"jvms\"}"
                        + " 1");
        assertThat(registry.scrape())
                .containsPattern("lox_processes_sent_bytes_total\\{workers=\"jvms\"} [1-9]")
                .containsPattern("lox_processes_received_bytes_total\\{workers=\"jvms\"} [1-9]")
                .contains("lox_processes_ended_total{outcome=\"killed\",workers=\"jvms\"}");
    }

    private void awaitLine(String line) {
        Patience.until(line, () -> registry.scrape().lines().anyMatch(line::equals));
    }
}
