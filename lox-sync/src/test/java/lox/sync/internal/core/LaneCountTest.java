package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneCountTest {
    @Test
    void shouldLetNoMoreSearchThanAllowed() {
        LaneCount laneCount = new LaneCount();

        assertThat(laneCount.join(2, 10)).isTrue();
        assertThat(laneCount.join(2, 10)).isTrue();
        assertThat(laneCount.join(2, 10)).isFalse();
        assertThat(laneCount.lacksLane(2, 10)).isFalse();
        laneCount.found();
        assertThat(laneCount.lacksLane(2, 10)).isTrue();
        assertThat(laneCount.join(2, 10)).isTrue();
        assertThat(laneCount.lanes()).isEqualTo(3);
    }

    @Test
    void shouldLetNoMoreLanesInThanAllowed() {
        LaneCount laneCount = new LaneCount();
        for (int i = 0; i < 3; i++) {
            assertThat(laneCount.join(1, 3)).isTrue();
            laneCount.found();
        }

        assertThat(laneCount.join(1, 3)).isFalse();
        laneCount.leave(false);
        assertThat(laneCount.join(1, 3)).isTrue();
        laneCount.leave(true);
        assertThat(laneCount.lanes()).isEqualTo(2);
    }

    @Test
    void shouldBeBackAtNothingWhenAllHaveLeft() {
        LaneCount laneCount = new LaneCount();
        for (int round = 0; round < 1_000; round++) {
            assertThat(laneCount.join(1, 2)).isTrue();
            laneCount.found();
            laneCount.search();
            assertThat(laneCount.join(1, 2)).isFalse();
            laneCount.leave(true);
        }

        assertThat(laneCount.lanes()).isZero();
        assertThat(laneCount.lacksLane(1, 1)).isTrue();
    }
}
