package lox.sync.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotsTest {
    @Test
    void shouldGiveEveryIndexASlotOfItsOwn() {
        Slots slots = new Slots();
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            slots.chunkForStore(i).fill(i, i);
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
            assertChunk(slots, boundary, size);
            boundary += size;
        }
    }

    @Test
    void shouldCutLargeGroupsIntoChunksOfTheLargestSize() {
        Slots slots = new Slots();
        int largest = 1 << 16;
        int boundary = 2 * largest - 32; // where the first group of two chunks begins
        for (int chunk = 0; chunk < 6; chunk++, boundary += largest) {
            assertChunk(slots, boundary, largest);
        }
    }

    private static void assertChunk(Slots slots, int first, int size) {
        Slots.Chunk chunk = slots.chunkForStore(first);
        assertThat(chunk.holds(first - 1)).isFalse();
        assertThat(chunk.holds(first)).isTrue();
        assertThat(chunk.holds(first + size - 1)).isTrue();
        assertThat(chunk.holds(first + size)).isFalse();
        assertThat(slots.chunkForStore(first + size - 1)).isSameAs(chunk);
        assertThat(slots.chunkForStore(first + size)).isNotSameAs(chunk);
        assertThat(slots.chunkForStore(first)).isSameAs(chunk);
    }

    @Test
    void shouldCountFullSlotsInARowOverChunks() {
        Slots slots = new Slots();
        for (int i = 20; i < 40; i++) {
            slots.chunkForStore(i).fill(i, i);
        }
        Slots.Chunk chunk = slots.filledChunk(20);
        chunk.move(25, Slots.FULL, Slots.CLAIMED);

        assertThat(slots.full(19, 4)).isZero();
        assertThat(slots.full(20, 4)).isEqualTo(4);
        assertThat(slots.full(20, 10)).isEqualTo(5);
        assertThat(slots.full(26, 100)).isEqualTo(14);
        assertThat(slots.full(26, 6)).as("up to the chunk's end").isEqualTo(6);
        assertThat(slots.full(26, 7)).isEqualTo(7);
        assertThat(slots.full(200, 7)).as("where there is no chunk").isZero();
    }

    @Test
    void shouldCountFullSlotsUpToWhereTheNextChunkIsMissing() {
        Slots slots = new Slots();
        for (int i = 0; i < 32; i++) {
            slots.chunkForStore(i).fill(i, i);
        }

        assertThat(slots.full(30, 100)).isEqualTo(2);
        assertThat(slots.full(32, 100)).isZero();
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
            slots.chunkForStore(index).fill(index, index);
        }
        for (int index : indices) {
            assertThat(slots.state(index)).isEqualTo(Slots.FULL);
            assertThat(slots.value(index)).isEqualTo(index);
            assertThat(slots.filledChunk(index).holds(index)).isTrue();
        }
        assertThat(slots.state(Integer.MAX_VALUE - 2)).isEqualTo(Slots.EMPTY);
    }

    @Test
    void shouldLetOneOfTwoMovesWin() {
        Slots slots = new Slots();
        Slots.Chunk chunk = slots.chunkForStore(40);
        chunk.fill(40, "argument");

        assertThat(chunk.move(40, Slots.FULL, Slots.CLAIMED)).isTrue();
        assertThat(chunk.move(40, Slots.FULL, Slots.DROPPED)).isFalse();
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
