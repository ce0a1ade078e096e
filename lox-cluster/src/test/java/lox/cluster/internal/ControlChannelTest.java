package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.jgroups.Address;
import org.junit.jupiter.api.Test;

/** What is left of JGroups in a program: threads that do not keep it alive, and no other port. */
class ControlChannelTest {
    /** Answers the first who comes, so that every thread that sends is there. */
    private static final class Greeter implements ControlChannel.Listener {
        private final CompletableFuture<ControlMessage> heard = new CompletableFuture<>();

        @Override
        public void received(ControlChannel channel, Address from, ControlMessage message) {
            heard.complete(message);
        }

        @Override
        public void membersChanged(ControlChannel channel, Set<Address> others) {
            others.forEach(other -> channel.send(other, new ControlMessage.Who()));
        }
    }

    private static ControlChannel join(List<InetSocketAddress> seeds, int joinMillis, Greeter greeter)
            throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return ControlChannel.join(
                new ControlChannel.Settings(loopback, 0, seeds, "secret", null, joinMillis), "node", greeter);
    }

    private static List<Thread> threadsOfJGroups() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> Arrays.stream(entry.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("org.jgroups.")))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    @Test
    void shouldHaveDaemonThreadsAloneAndNoDiagnostics() throws Exception {
        Greeter first = new Greeter();
        Greeter second = new Greeter();
        try (ControlChannel member = join(List.of(), 1, first);
                ControlChannel program = join(
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), member.port())),
                        5_000,
                        second)) {
            assertThat(program.port()).isNotEqualTo(member.port());
            first.heard.get(Patience.SECONDS, TimeUnit.SECONDS);
            second.heard.get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(threadsOfJGroups())
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon)
                    .noneMatch(thread -> thread.getName().contains("Diag"));
        }
    }
}
