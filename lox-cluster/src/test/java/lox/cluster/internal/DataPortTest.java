package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import lox.sync.spi.host.LaunchOptions;
import org.jgroups.Address;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A data connection takes a ticket, and a ticket opens one. */
class DataPortTest {
    private static final class Nobody implements ControlChannel.Listener {
        @Override
        public void received(ControlChannel channel, Address from, ControlMessage message) {}

        @Override
        public void membersChanged(ControlChannel channel, Set<Address> others) {}
    }

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final Tickets<ServedWorker> tickets = new Tickets<>();
    private final DataPort port = DataPort.open(loopback, 0, null, tickets);
    private final ControlChannel channel = ControlChannel.join(
            new ControlChannel.Settings(loopback, 0, List.of(), "secret", null, 1), "member", new Nobody());

    DataPortTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        try (channel) {
            port.close();
        }
    }

    private ServedWorker worker() {
        return new ServedWorker(
                new ServedWorker.Key(UUID.randomUUID(), 1),
                new ControlMessage.Open(1, "pool", 1, 0, LaunchOptions.DEFAULT),
                tickets,
                channel,
                ended -> {});
    }

    @Test
    void shouldTakeATicketOnce() throws IOException {
        byte[] ticket = tickets.issue(worker());
        try (DataConnection first = DataConnection.open(loopback, port.port(), null, ticket)) {
            assertThat(first.in().available()).isZero();
            assertThatThrownBy(() -> DataConnection.open(loopback, port.port(), null, ticket))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseATicketThatWasNotIssuedOrWasRevoked() {
        assertThatThrownBy(() -> DataConnection.open(loopback, port.port(), null, new byte[Tickets.BYTES]))
                .isInstanceOf(IOException.class);
        byte[] ticket = tickets.issue(worker());
        tickets.revoke(ticket);
        assertThatThrownBy(() -> DataConnection.open(loopback, port.port(), null, ticket))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldHangUpOnASilentStrangerAndServeOthersMeanwhile() throws IOException {
        try (Socket silent = new Socket(loopback, port.port())) {
            byte[] ticket = tickets.issue(worker());
            DataConnection.open(loopback, port.port(), null, ticket).close();
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }
}
