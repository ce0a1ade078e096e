package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who does not know the token gets nowhere, and disturbs nobody. */
class StrangerTest {
    private final LocalMembers members = LocalMembers.start(2, 1);
    private final Cluster cluster = members.join();

    @AfterEach
    void end() {
        try (members) {
            cluster.close();
        }
    }

    private void checkWorks() {
        try (Workers workers = Workers.processes(2).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            List<Integer> numbers = IntStream.range(0, 500).boxed().toList();
            assertThat(function.gather(numbers))
                    .isEqualTo(numbers.stream().map(i -> i + 1).toList());
        }
        assertThat(members.processes()).allMatch(Process::isAlive);
    }

    @Test
    void shouldRefuseAnotherToken() {
        assertThatThrownBy(() -> Cluster.join(members.seeds(), "another"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("refuses the token");
        checkWorks();
    }

    @Test
    void shouldBearSilenceAndGarbageOnBothPorts() throws Exception {
        checkWorks(); // so that members have been found
        List<Integer> ports = new ArrayList<>();
        for (String seed : members.seeds().split(",", -1)) {
            ports.add(Integer.parseInt(seed.substring(seed.indexOf(':') + 1)));
        }
        ports.addAll(members.dataPorts());
        List<Socket> strangers = new ArrayList<>();
        Random random = new Random(42);
        try {
            for (int port : ports) {
                for (int i = 0; i < 5; i++) {
                    Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port);
                    strangers.add(stranger);
                    if (i % 2 == 0) {
                        byte[] garbage = new byte[4096];
                        random.nextBytes(garbage);
                        stranger.getOutputStream().write(garbage);
                    }
                }
            }
            checkWorks();
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
        checkWorks();
    }
}
