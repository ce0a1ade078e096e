package lox.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class StackRoomTest {
    private int refused;

    /** Goes down to the end of the stack; on the way back it asks at each level. */
    private boolean dive() {
        boolean there;
        try {
            there = dive();
        } catch (StackOverflowError end) {
            there = true;
        }
        if (there) {
            try {
                StackRoom.check();
            } catch (StackOverflowError noRoom) {
                refused++;
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldRefuseNearTheEndOfTheStackAndNowhereElse() {
        assertThatCode(StackRoom::check).doesNotThrowAnyException();

        dive();

        assertThat(refused).isGreaterThan(5);
        assertThatCode(StackRoom::check).doesNotThrowAnyException();
    }
}
