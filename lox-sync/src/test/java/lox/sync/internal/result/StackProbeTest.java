package lox.sync.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class StackProbeTest {
    private int refused;

    /** Goes down to the end of the stack; on the way back it asks at each level, until there is room. */
    private boolean dive(int depth) {
        boolean nearTheEnd;
        try {
            nearTheEnd = depth == Integer.MAX_VALUE || dive(depth + 1);
        } catch (StackOverflowError end) {
            nearTheEnd = true;
        }
        if (nearTheEnd) {
            try {
                StackProbe.check();
            } catch (StackOverflowError noRoom) {
                refused++;
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldRefuseNearTheEndOfTheStackAndNowhereElse() {
        assertThatCode(StackProbe::check).doesNotThrowAnyException();

        assertThat(dive(0)).as("the top of the stack has no room").isFalse();

        assertThat(refused).isGreaterThan(5);
        assertThatCode(StackProbe::check).doesNotThrowAnyException();
    }
}
