package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireTest {
    private final WireWriter writer = new WireWriter();

    private WireReader throughAChannel() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        writer.drainTo(Channels.newChannel(sent));
        return new WireReader(Channels.newChannel(new ByteArrayInputStream(sent.toByteArray())));
    }

    @Test
    void shouldBringWhatWasWrittenInOrderThroughAChannel() throws IOException {
        Random random = new Random(1);
        byte[][] arrays = new byte[40][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = new byte[i % 4 == 0 ? 3 * WireWriter.LARGE + i : random.nextInt(2000)];
            random.nextBytes(arrays[i]);
            writer.writeInt(i);
            writer.writeInt(arrays[i].length);
            writer.attach(arrays[i]);
            writer.writeLong(-i);
        }

        byte[] whole = writer.toByteArray();
        assertThat(writer.size()).isEqualTo(whole.length);
        WireReader fromMemory = new WireReader(whole);
        WireReader fromChannel = throughAChannel();
        assertThat(writer.isEmpty()).isTrue();

        for (WireReader source : new WireReader[] {fromMemory, fromChannel}) {
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
        writer.writeInt(1);
        writer.attach(new byte[WireWriter.LARGE]);
        long mark = writer.mark();
        writer.writeInt(2);
        writer.attach(new byte[WireWriter.LARGE + 5]);
        assertThat(writer.sizeSince(mark)).isEqualTo(4 + WireWriter.LARGE + 5);

        writer.rewind(mark);
        writer.writeInt(3);

        WireReader source = throughAChannel();
        assertThat(source.readInt()).isEqualTo(1);
        source.readArray(WireWriter.LARGE);
        assertThat(source.readInt()).isEqualTo(3);
        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void shouldFillInANumberLater() throws IOException {
        int at = writer.reserveInt();
        writer.writeInt(5);
        writer.patchInt(at, 77);

        assertThat(throughAChannel().readInt()).isEqualTo(77);
    }

    @Test
    void shouldEndAtItsLimitAndSkipTheRest() throws IOException {
        writer.write(new byte[] {1, 2, 3, 4, 5, 6, 7});
        WireReader source = throughAChannel();
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
        WireReader source = new WireReader(new byte[3]);

        assertThatThrownBy(source::readInt).isInstanceOf(EOFException.class);
    }

    @Test
    void shouldNotTakeMemoryForALengthThatCannotBe() throws IOException {
        WireReader source = new WireReader(new byte[3]);
        source.limit(3);

        assertThatThrownBy(() -> source.readArray(Integer.MAX_VALUE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> source.readArray(-1)).isInstanceOf(IOException.class);
    }

    /** The rest of the second value may be long in coming. */
    @Test
    void shouldSayThatItIsTimeToTellWhenMuchHasComeThoughNotAll() throws IOException {
        writer.attach(new byte[200 * 1024]);
        writer.attach(new byte[200 * 1024]);
        WireReader source = throughAChannel();

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
            writer.writeInt(i);
        }
        WireReader source = throughAChannel();

        int times = 0;
        for (int i = 0; i < 1000; i++) {
            source.readInt();
            times += source.isTimeToTell() ? 1 : 0;
        }
        assertThat(times).isEqualTo(1);
    }
}
