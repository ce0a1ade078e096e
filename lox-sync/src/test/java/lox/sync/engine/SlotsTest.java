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
    void shouldReachTheFarEndOfTheIntRangeWithoutAllocatingIt() {
        Slots slots = new Slots();
        for (int index : new int[] {
            (1 << 30) - 33,
            (1 << 30) - 32,
            1 << 30,
            Integer.MAX_VALUE - 33,
            Integer.MAX_VALUE - 32,
            Integer.MAX_VALUE - 1
        }) {
            assertThat(Slots.offset(index)).isNotNegative();
            assertThat(slots.chunk(index)).isNull();
            assertThat(slots.state(index)).isEqualTo(Slots.EMPTY);
        }
        // The last chunk begins where index + 32 passes the int range; before it lies one of 2^30 slots.
        assertThat(Slots.offset((1 << 30) - 33)).isEqualTo((1 << 29) - 1);
        assertThat(Slots.offset((1 << 30) - 32)).isZero();
        assertThat(Slots.offset(Integer.MAX_VALUE - 32)).isEqualTo((1 << 30) - 1);
        assertThat(Slots.offset(Integer.MAX_VALUE - 31)).isZero();
        assertThat(Slots.offset(Integer.MAX_VALUE - 1)).isEqualTo(30);
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
