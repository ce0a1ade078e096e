package lox.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureObservability // tests have no registries without it
class ShopTest {
    @LocalServerPort
    private int port;

    private Service service = new Service(0);

    @BeforeEach
    void reachTheService() {
        service = new Service(port);
    }

    @Test
    void shouldGatherPricesInTheOrderOfTheRequest() throws Exception {
        assertThat(service.get("/prices?item=tea&item=coffee").body())
                .isEqualTo("[{\"item\":\"tea\",\"cents\":103,\"request\":null},"
                        + "{\"item\":\"coffee\",\"cents\":106,\"request\":null}]");
    }

    @Test
    void shouldStreamPricesInOrder() throws Exception {
        List<String> lines =
                service.get("/prices/stream?from=0&to=300").body().lines().toList();
        assertThat(lines).hasSize(300);
        assertThat(lines.get(299)).contains("\"item-299\"");
        assertThat(lines)
                .isEqualTo(IntStream.range(0, 300)
                        .mapToObj(i -> "{\"item\":\"item-" + i + "\",\"cents\":" + (100 + ("item-" + i).length())
                                + ",\"request\":null}")
                        .toList());
    }

    @Test
    void shouldRunEachTaskInTheContextOfItsOwnRequest() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            responses.add(service.get("/prices?item=a&item=b&item=c", "list-" + i));
            responses.add(service.get("/prices/stream?from=0&to=3", "stream-" + i));
        }
        List<HttpResponse<String>> answers = Service.all(responses);
        for (int i = 0; i < 40; i++) {
            assertThat(answers.get(2 * i).body()).containsSubsequence(three("list-" + i));
            assertThat(answers.get(2 * i + 1).body()).containsSubsequence(three("stream-" + i));
        }
    }

    private static String[] three(String number) {
        String request = "\"request\":\"" + number + "\"";
        return new String[] {request, request, request};
    }

    @Test
    void shouldSellNoMoreThanThereIs() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> orders = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            orders.add(service.post("/orders/tea"));
        }
        assertThat(Service.all(orders))
                .extracting(response -> response.statusCode() == 200 ? response.body() : "sold out")
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30)
                        .mapToObj(i -> i < 10 ? Integer.toString(i) : "sold out")
                        .toList());
    }

    @Test
    void shouldAnswerWithAFailureIfATaskFails() throws Exception {
        assertThat(service.get("/prices?item=tea&item=%20").statusCode()).isEqualTo(500);
        assertThat(service.measured("lox_task_duration_seconds_count", "workers=\"network\"", "outcome=\"failed\""))
                .isGreaterThanOrEqualTo(1);
    }
}
