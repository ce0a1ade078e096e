package lox.sync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SinkAndSourceTest {
    private final Sink sink = new Sink();

    private Source throughAChannel() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sink.drainTo(Channels.newChannel(sent));
        return new Source(Channels.newChannel(new ByteArrayInputStream(sent.toByteArray())));
    }

    @Test
    void shouldBringWhatWasWrittenInOrderThroughAChannel() throws IOException {
        Random random = new Random(1);
        byte[][] arrays = new byte[40][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = new byte[i % 4 == 0 ? 3 * Sink.LARGE + i : random.nextInt(2000)];
            random.nextBytes(arrays[i]);
            sink.writeInt(i);
            sink.writeInt(arrays[i].length);
            sink.attach(arrays[i]);
            sink.writeLong(-i);
        }

        byte[] whole = sink.toByteArray();
        assertThat(sink.size()).isEqualTo(whole.length);
        Source fromMemory = new Source(whole);
        Source fromChannel = throughAChannel();
        assertThat(sink.isEmpty()).isTrue();

        for (Source source : new Source[] {fromMemory, fromChannel}) {
            for (int i = 0; i < arrays.length; i++) {
                assertThat(source.readInt()).isEqualTo(i);
                assertThat(source.readArray(source.readInt())).isEqualTo(arrays[i]);
                assertThat(source.readLong()).isEqualTo(-i);
            }
            assertThat(source.read()).isEqualTo(-1);
        }
    }

    @Test
    void shouldTakeBackWhatWasWrittenSinceAMark() throws IOException {
        sink.writeInt(1);
        sink.attach(new byte[Sink.LARGE]);
        long mark = sink.mark();
        sink.writeInt(2);
        sink.attach(new byte[Sink.LARGE + 5]);
        assertThat(sink.sizeSince(mark)).isEqualTo(4 + Sink.LARGE + 5);

        sink.rewind(mark);
        sink.writeInt(3);

        Source source = throughAChannel();
        assertThat(source.readInt()).isEqualTo(1);
        source.readArray(Sink.LARGE);
        assertThat(source.readInt()).isEqualTo(3);
        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void shouldFillInANumberLater() throws IOException {
        int at = sink.reserveInt();
        sink.writeInt(5);
        sink.patchInt(at, 77);

        assertThat(throughAChannel().readInt()).isEqualTo(77);
    }

    @Test
    void shouldEndAtItsLimitAndSkipTheRest() throws IOException {
        sink.write(new byte[] {1, 2, 3, 4, 5, 6, 7});
        Source source = throughAChannel();
        long outer = source.limit(6);
        long inner = source.limit(3);

        assertThat(source.read()).isEqualTo(1);
        assertThat(source.readNBytes(10)).containsExactly(2, 3);
        assertThat(source.read()).isEqualTo(-1);
        assertThatThrownBy(() -> source.limit(1)).isInstanceOf(IOException.class);
        source.unlimit(inner);
        assertThat(source.read()).isEqualTo(4);
        source.unlimit(outer);
        assertThat(source.read()).isEqualTo(7);
        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void shouldTellOfAnEndThatComesTooEarly() {
        Source source = new Source(new byte[3]);

        assertThatThrownBy(source::readInt).isInstanceOf(EOFException.class);
    }

    @Test
    void shouldNotTakeMemoryForALengthThatCannotBe() throws IOException {
        Source source = new Source(new byte[3]);
        source.limit(3);

        assertThatThrownBy(() -> source.readArray(Integer.MAX_VALUE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> source.readArray(-1)).isInstanceOf(IOException.class);
    }

    /** The rest of the second value may be long in coming. */
    @Test
    void shouldSayThatItIsTimeToTellWhenMuchHasComeThoughNotAll() throws IOException {
        sink.attach(new byte[200 * 1024]);
        sink.attach(new byte[200 * 1024]);
        Source source = throughAChannel();

        source.readArray(200 * 1024);
        assertThat(source.available()).isPositive();
        assertThat(source.isTimeToTell()).isTrue();
        assertThat(source.isTimeToTell()).as("once").isFalse();
        source.readArray(200 * 1024);
        assertThat(source.isTimeToTell()).isTrue();
    }

    @Test
    void shouldNotSayItForEachOfManySmallValues() throws IOException {
        for (int i = 0; i < 1000; i++) {
            sink.writeInt(i);
        }
        Source source = throughAChannel();

        int times = 0;
        for (int i = 0; i < 1000; i++) {
            source.readInt();
            times += source.isTimeToTell() ? 1 : 0;
        }
        assertThat(times).isEqualTo(1);
    }
}
