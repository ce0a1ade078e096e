package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.ClusterUnavailableException;
import org.junit.jupiter.api.Test;

/** Nobody is there: the tasks that wait fail, and the message says where was looked. */
class UnavailableTest {
    @Test
    void shouldFailTheTasksThatWait() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Cluster cluster = Cluster.join("127.0.0.1:" + port, "secret");
                Workers workers = Workers.processes(4).on(cluster).build()) {
            assertThat(cluster.members()).isEmpty();
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            IntStream.range(0, 100).forEach(function::scatter);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            assertThat(outcomes)
                    .hasSize(100)
                    .allSatisfy(outcome -> assertThat(((Outcome.Failure<Integer>) outcome).error())
                            .isInstanceOf(ClusterUnavailableException.class)
                            .hasMessageContaining("127.0.0.1:" + port));
        }
    }

    @Test
    void shouldSayThatTheClusterWasClosed() {
        Cluster cluster = Cluster.join("127.0.0.1:1", "secret");
        try (Workers workers = Workers.processes(1).on(cluster).build()) {
            cluster.close();
            cluster.close();
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            assertThatThrownBy(() -> function.gather(List.of(1)))
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("has left the cluster");
        }
    }
}
