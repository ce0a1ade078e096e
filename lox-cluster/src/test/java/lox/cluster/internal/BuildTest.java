package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import lox.cluster.Cluster;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.ClusterUnavailableException;
import org.jgroups.Address;
import org.junit.jupiter.api.Test;

class BuildTest {
    private static final int NEXT_PORT = 1;

    @Test
    void shouldTellLoxAndJavaApart() {
        Build own = new Build("0.1", 21);
        assertThat(own.findConflict(own)).isNull();
        assertThat(own.findConflict(new Build("0.1", 25))).isNull();
        assertThat(own.findConflict(new Build("0.2", 21))).contains("lox 0.2", "lox 0.1");
        assertThat(own.findConflict(new Build("0.1", 17))).contains("Java 17", "Java 21");
    }

    /** A member of another build: it answers, and is asked for nothing. */
    private record OtherMember(Build build) implements ControlChannel.Listener {
        @Override
        public void received(ControlChannel channel, Address from, ControlMessage message) {
            if (message instanceof ControlMessage.Who) {
                channel.send(from, new ControlMessage.Offer("other", "127.0.0.1", NEXT_PORT, 4, build, false));
            }
        }

        @Override
        public void membersChanged(ControlChannel channel, Set<Address> others) {}
    }

    @Test
    void shouldSayWhatDoesNotFit() throws Exception {
        int older = Runtime.version().feature() - 1;
        ControlChannel.Settings settings =
                new ControlChannel.Settings(InetAddress.getLoopbackAddress(), 0, List.of(), "secret", null, 1);
        try (ControlChannel member =
                        ControlChannel.join(settings, "other", new OtherMember(new Build(Build.OWN.lox(), older)));
                Cluster cluster = Cluster.join("127.0.0.1:" + member.port(), "secret");
                Workers workers = Workers.processes(1).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            assertThatThrownBy(() -> function.gather(List.of(1)))
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("other: it runs Java " + older);
        }
    }
}
