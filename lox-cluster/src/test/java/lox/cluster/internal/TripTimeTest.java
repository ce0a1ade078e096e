package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import lox.test.DelayingProxy;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** How far away a member is. */
class TripTimeTest {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private static void measure(TripTime trip, long begin, long nanos) {
        assertThat(trip.begin(begin)).isTrue();
        assertThat(trip.begin(begin + PAUSE)).as("one at a time").isFalse();
        trip.end(begin + nanos);
    }

    @Test
    void shouldGiveTheLeastOfTheLastMeasurements() {
        TripTime trip = new TripTime();
        assertThat(trip.nanos()).isZero();
        trip.add(1_000);
        assertThat(trip.nanos()).isEqualTo(1_000);
        long now = System.nanoTime();
        measure(trip, now, 3_000);
        assertThat(trip.nanos()).isEqualTo(1_000);
        assertThat(trip.begin(now + PAUSE - 1)).as("not so soon").isFalse();
        measure(trip, now + PAUSE, 500);
        assertThat(trip.nanos()).isEqualTo(500);
        for (int i = 2; i < 9; i++) {
            measure(trip, now + i * PAUSE, 2_000);
            assertThat(trip.nanos()).isEqualTo(500);
        }
        measure(trip, now + 9 * PAUSE, 2_000);
        assertThat(trip.nanos()).as("the network has changed").isEqualTo(2_000);
    }

    @Test
    void shouldIgnoreAnAnswerThatNobodyHasAskedFor() {
        TripTime trip = new TripTime();
        trip.end(System.nanoTime() + 1);
        assertThat(trip.nanos()).isZero();
    }

    /** The member's side of a connection: takes any ticket, answers pings, and gives back all bytes, one by one. */
    private static void echo(ServerSocket door, List<Integer> pings) throws IOException {
        try (Socket caller = door.accept();
                DataConnection connection = DataConnection.of(caller, null)) {
            connection.readTicket();
            connection.accept();
            FrameWriter writer = new FrameWriter(connection);
            ProgramInput input = new ProgramInput(connection, () -> {
                pings.add(1);
                try {
                    writer.pong();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            byte[] one = new byte[1];
            while (input.read(one) >= 0) {
                writer.bytes(ByteBuffer.wrap(one));
            }
        }
    }

    /** No measurement is less than the trip. What travels beside them is what it was. */
    @Test
    void shouldMeasureBesideTheBytes() throws Exception {
        long tripNanos = TimeUnit.MILLISECONDS.toNanos(5);
        List<Integer> pings = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DelayingProxy network = DelayingProxy.start(tripNanos, port -> port == door.getLocalPort())) {
            CompletableFuture<Void> member = CompletableFuture.runAsync(() -> {
                try {
                    echo(door, pings);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (DataConnection connection = DataConnection.open(
                    InetAddress.getLoopbackAddress(), door.getLocalPort(), null, new byte[Tickets.BYTES])) {
                assertThat(connection.trip().nanos()).isBetween(tripNanos, Patience.LIMIT.toNanos());
                RemoteOutput output = new RemoteOutput(connection);
                RemoteInput input =
                        new RemoteInput(connection, new LineDelivery((isError, line, isEnded) -> {}), new Nobody());
                byte sent = 0;
                while (pings.size() < 3) { // some time passes between two
                    output.write(ByteBuffer.wrap(new byte[] {sent, (byte) (sent + 1)}));
                    ByteBuffer both = ByteBuffer.allocate(2);
                    while (both.hasRemaining()) {
                        assertThat(input.read(both)).isPositive();
                    }
                    assertThat(both.array()).containsExactly(sent, sent + 1);
                    sent++;
                }
                assertThat(connection.trip().nanos()).isBetween(tripNanos, Patience.LIMIT.toNanos());
                assertThat(network.openSockets()).isEqualTo(2);
            }
            member.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
    }

    private static final class Nobody implements RemoteInput.Listener {
        @Override
        public void started(long tasks) {}

        @Override
        public void ended(WorkerEnding ending) {}

        @Override
        public void lose(String reason) {
            throw new AssertionError(reason);
        }
    }
}
