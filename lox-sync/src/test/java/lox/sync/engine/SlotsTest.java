package lox.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotsTest {
    @Test
    void shouldGiveEveryIndexASlotOfItsOwn() {
        Slots slots = new Slots();
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            slots.chunkForStore(i).fill(Slots.offset(i), i);
        }

        for (int i = 0; i < count; i++) {
            assertThat(slots.state(i)).isEqualTo(Slots.FULL);
            assertThat(slots.value(i)).isEqualTo(i);
        }
    }

    @Test
    void shouldStartANewChunkOfTwiceTheSizeAtEachBoundary() {
        Slots slots = new Slots();
        int boundary = 0;
        for (int size = 32; size <= 1 << 14; size *= 2) {
            assertThat(Slots.offset(boundary)).isZero();
            assertThat(Slots.offset(boundary + size - 1)).isEqualTo(size - 1);
            assertThat(slots.chunkForStore(boundary)).isSameAs(slots.chunkForStore(boundary + size - 1));
            assertThat(slots.chunkForStore(boundary + size - 1)).isNotSameAs(slots.chunkForStore(boundary + size));
            boundary += size;
        }
    }

    @Test
    void shouldCutLargeGroupsIntoChunksOfTheLargestSize() {
        Slots slots = new Slots();
        int largest = 1 << 16;
        int boundary = 2 * largest - 32; // where the first group of two chunks begins
        for (int chunk = 0; chunk < 6; chunk++, boundary += largest) {
            assertThat(Slots.offset(boundary)).isZero();
            assertThat(Slots.offset(boundary + largest - 1)).isEqualTo(largest - 1);
            assertThat(slots.chunkForStore(boundary)).isSameAs(slots.chunkForStore(boundary + largest - 1));
            assertThat(slots.chunkForStore(boundary)).isNotSameAs(slots.chunkForStore(boundary - 1));
        }
    }

    @Test
    void shouldReachTheFarEndOfTheIntRange() {
        Slots slots = new Slots();
        int[] indices = {
            (1 << 30) - 33,
            (1 << 30) - 32,
            1 << 30,
            Integer.MAX_VALUE - 33,
            Integer.MAX_VALUE - 32,
            Integer.MAX_VALUE - 31,
            Integer.MAX_VALUE - 1
        };
        for (int index : indices) {
            assertThat(slots.chunk(index)).isNull();
            assertThat(slots.state(index)).isEqualTo(Slots.EMPTY);
        }
        for (int index : indices) {
            slots.chunkForStore(index).fill(Slots.offset(index), index);
        }
        for (int index : indices) {
            assertThat(slots.state(index)).isEqualTo(Slots.FULL);
            assertThat(slots.value(index)).isEqualTo(index);
        }
        assertThat(slots.state(Integer.MAX_VALUE - 2)).isEqualTo(Slots.EMPTY);
    }

    @Test
    void shouldLetOneOfTwoMovesWin() {
        Slots slots = new Slots();
        Slots.Chunk chunk = slots.chunkForStore(40);
        chunk.fill(Slots.offset(40), "argument");

        assertThat(chunk.move(Slots.offset(40), Slots.FULL, Slots.CLAIMED)).isTrue();
        assertThat(chunk.move(Slots.offset(40), Slots.FULL, Slots.DROPPED)).isFalse();
        assertThat(slots.state(40)).isEqualTo(Slots.CLAIMED);
        assertThat(slots.state(39)).isEqualTo(Slots.EMPTY);
    }

    @Test
    void shouldSayWhichSlotHasNoChunk() {
        assertThatThrownBy(() -> new Slots().filledChunk(12_345))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("12345");
    }
}
