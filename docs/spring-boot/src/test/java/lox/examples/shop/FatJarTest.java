package lox.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lox.test.Patience;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One test, since the service takes seconds to start. It needs the jar, so it runs after that has been packaged. */
@Tag("jar")
class FatJarTest {
    private static final Path JAR =
            Path.of(System.getProperty("fat.jar", "target/shop.jar")).toAbsolutePath();
    private static final Pattern PROCESS = Pattern.compile("\"process\":(\\d+)");

    @Test
    void shouldServeFromTheJarAndFromChildProcessesOfItAndCountWhatItDid(@TempDir Path directory) throws Exception {
        try (RunningJar shop = RunningJar.start(JAR, directory)) {
            Service service = new Service(shop.port());

            List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                responses.add(service.get("/prices?item=tea&item=coffee", "request-" + i));
            }
            List<HttpResponse<String>> answers = Service.all(responses);
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).body())
                        .isEqualTo("[{\"item\":\"tea\",\"cents\":103,\"request\":\"request-" + i + "\"},"
                                + "{\"item\":\"coffee\",\"cents\":106,\"request\":\"request-" + i + "\"}]");
            }
            assertThat(service.get("/prices/stream?from=0&to=20").body().lines())
                    .hasSize(20);
            assertThat(service.get("/prices?item=%20").statusCode()).isEqualTo(500);

            String forecasts = service.get("/forecasts?item=tea&item=coffee").body();
            assertThat(forecasts)
                    .containsSubsequence("\"item\":\"tea\",\"pieces\":", "\"item\":\"coffee\",\"pieces\":");
            Matcher process = PROCESS.matcher(forecasts);
            assertThat(process.find()).isTrue();
            assertThat(Long.parseLong(process.group(1))).isNotEqualTo(shop.pid());
            assertThat(service.get("/forecasts?item=crash").statusCode()).isEqualTo(502);

            awaitCount(service, 120, "lox_task_duration_seconds_count", "workers=\"network\"", "outcome=\"succeeded\"");
            awaitCount(service, 1, "lox_task_duration_seconds_count", "workers=\"network\"", "outcome=\"failed\"");
            awaitCount(service, 121, "lox_task_wait_seconds_count", "workers=\"network\"");
            awaitCount(service, 2, "lox_task_duration_seconds_count", "workers=\"jvms\"", "outcome=\"succeeded\"");
            awaitCount(service, 1, "lox_task_duration_seconds_count", "workers=\"jvms\"", "outcome=\"crashed\"");
            awaitCount(service, 1, "lox_processes_ended_total", "workers=\"jvms\"", "outcome=\"crashed\"");
            awaitCount(service, 8, "lox_workers_limit_tasks", "workers=\"network\"");
            awaitCount(service, 0, "lox_workers_active_tasks", "workers=\"network\"");

            assertThat(shop.stop()).isEqualTo(143); // by the signal
        }
    }

    /** A task is counted when it has ended, which may be a moment after its result has been sent. */
    private static void awaitCount(Service service, double expected, String meter, String... labels) {
        Patience.until(
                meter + " of " + String.join(", ", labels) + " is " + expected,
                () -> service.measured(meter, labels) == expected);
    }
}
