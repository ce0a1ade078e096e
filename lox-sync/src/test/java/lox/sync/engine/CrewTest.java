package lox.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrewTest {
    @Test
    void shouldLetNoMoreSearchThanAllowed() {
        Crew crew = new Crew();

        assertThat(crew.join(2, 10)).isTrue();
        assertThat(crew.join(2, 10)).isTrue();
        assertThat(crew.join(2, 10)).isFalse();
        assertThat(crew.lacksLane(2, 10)).isFalse();
        crew.found();
        assertThat(crew.lacksLane(2, 10)).isTrue();
        assertThat(crew.join(2, 10)).isTrue();
        assertThat(crew.lanes()).isEqualTo(3);
    }

    @Test
    void shouldLetNoMoreLanesInThanAllowed() {
        Crew crew = new Crew();
        for (int i = 0; i < 3; i++) {
            assertThat(crew.join(1, 3)).isTrue();
            crew.found();
        }

        assertThat(crew.join(1, 3)).isFalse();
        crew.leave(false);
        assertThat(crew.join(1, 3)).isTrue();
        crew.leave(true);
        assertThat(crew.lanes()).isEqualTo(2);
    }

    @Test
    void shouldBeBackAtNothingWhenAllHaveLeft() {
        Crew crew = new Crew();
        for (int round = 0; round < 1_000; round++) {
            assertThat(crew.join(1, 2)).isTrue();
            crew.found();
            crew.search();
            assertThat(crew.join(1, 2)).isFalse();
            crew.leave(true);
        }

        assertThat(crew.lanes()).isZero();
        assertThat(crew.lacksLane(1, 1)).isTrue();
    }
}
