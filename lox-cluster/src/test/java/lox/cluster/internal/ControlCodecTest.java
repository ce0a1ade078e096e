package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import lox.sync.spi.host.LaunchOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    private static final LaunchOptions LAUNCH = new LaunchOptions(
            List.of("-Da=ü", "x".repeat(100_000)),
            Path.of("/opt/java"),
            Map.of("A", "1", "B", ""),
            Set.of("C"),
            Path.of("/tmp"),
            1L << 40);

    private static final WorkerEnding ENDING =
            new WorkerEnding("", OptionalInt.of(134), 7, List.of("last", "words"), "/tmp/hs_err_pid1.log");

    private static Stream<ControlMessage> messages() {
        return Stream.of(
                new ControlMessage.Who(),
                new ControlMessage.Offer("a", "10.0.0.5", 7801, 4, new Build("0.1", 21), true),
                new ControlMessage.Open(1, "pool", 2, 3, LAUNCH),
                new ControlMessage.Open(1, "pool", 2, 0, LaunchOptions.DEFAULT),
                new ControlMessage.Accepted(-1),
                new ControlMessage.Refused(5, true, WorkerEnding.ofNone("full")),
                new ControlMessage.Refused(5, false, ENDING),
                new ControlMessage.Kill(6),
                new ControlMessage.WantedBack(7),
                new ControlMessage.SlotFree());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadWhatItHasWritten(ControlMessage message) throws IOException {
        assertThat(ControlCodec.read(ControlCodec.write(message))).isEqualTo(message);
    }

    @Test
    void shouldReadATicket() throws IOException {
        byte[] ticket = new byte[Tickets.BYTES];
        Arrays.fill(ticket, (byte) 9);
        ControlMessage read = ControlCodec.read(ControlCodec.write(new ControlMessage.Opened(1, 2, ticket)));
        assertThat(read).isInstanceOfSatisfying(ControlMessage.Opened.class, opened -> {
            assertThat(opened.id()).isEqualTo(1);
            assertThat(opened.pid()).isEqualTo(2);
            assertThat(opened.ticket()).isEqualTo(ticket);
        });
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuseHalfAMessage(ControlMessage message) {
        byte[] whole = ControlCodec.write(message);
        for (int length = 0; length < Math.min(whole.length, 200); length++) {
            byte[] half = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ControlCodec.read(half)).isInstanceOf(IOException.class);
        }
    }

    /** Whatever comes, it is a message or an IOException, and no array is made of a length that somebody has claimed. */
    @Test
    void shouldBearGarbage() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            if (garbage.length > 0) {
                garbage[0] = (byte) (1 + random.nextInt(9));
            }
            try {
                assertThat(ControlCodec.read(garbage)).isNotNull();
            } catch (IOException refused) {
                assertThat(refused).isNotNull();
            }
        }
    }

    @Test
    void shouldOpenASealOfTheSameTokenAndSenderAlone() throws IOException {
        MessageSeal seal = new MessageSeal("token");
        byte[] sender = {1};
        byte[] message = {1, 2, 3};
        byte[] sealed = seal.seal(sender, message);
        assertThat(new MessageSeal("token").open(sender, sealed)).isEqualTo(message);
        assertThatThrownBy(() -> new MessageSeal("other").open(sender, sealed)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> seal.open(new byte[] {2}, sealed)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> seal.open(sender, message)).isInstanceOf(IOException.class);
        sealed[sealed.length - 1]++;
        assertThatThrownBy(() -> seal.open(sender, sealed)).isInstanceOf(IOException.class);
        assertThat(new MessageSeal(null).open(sender, new MessageSeal(null).seal(sender, message)))
                .isEqualTo(message);
    }
}
