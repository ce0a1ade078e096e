package lox.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SHORT = 100;
    private static final long MIDDLING = 50_000;
    private static final long VERY_LONG = 5_000_000;

    @Test
    void shouldBeginWithOneAtATimeAndGrowWhileTasksAreShort() {
        Pace pace = new Pace();
        assertThat(pace.run()).isEqualTo(1);

        int before = 0;
        for (int i = 0; i < 20; i++) {
            assertThat(pace.run()).isGreaterThanOrEqualTo(before);
            before = pace.run();
            pace.after(SHORT, pace.run());
        }

        assertThat(pace.run()).isGreaterThan(16).isLessThanOrEqualTo(1_024);
    }

    @Test
    void shouldShrinkWhenARunTakesTooLong() {
        Pace pace = new Pace();
        for (int i = 0; i < 20; i++) {
            pace.after(SHORT, pace.run());
        }
        int longest = pace.run();

        pace.after(MIDDLING, longest);

        assertThat(pace.run()).isEqualTo(longest / 2);
    }

    @Test
    void shouldBeBackAtOneAfterALongTask() {
        Pace pace = new Pace();
        for (int i = 0; i < 20; i++) {
            pace.after(SHORT, pace.run());
        }

        pace.after(VERY_LONG, 1);

        assertThat(pace.run()).isEqualTo(1);
    }

    @Test
    void shouldNotGrowOnRunsThatFindLessThanTheyAskFor() {
        Pace pace = new Pace();
        pace.after(SHORT, 1);
        int run = pace.run();

        for (int i = 0; i < 10; i++) {
            pace.after(SHORT, run - 1);
        }

        assertThat(pace.run()).isEqualTo(run);
    }

    @Test
    void shouldNotTakeLargeArgumentsOfTasksElsewhereForLongTasks() {
        long mebibyte = 1 << 20;
        long copying = mebibyte / 4;
        Pace large = Pace.remote();
        Pace small = Pace.remote();

        for (int i = 0; i < 3; i++) {
            large.after(large.run() * (copying + SHORT), large.run(), large.run() * mebibyte);
        }
        small.after(2 * copying, 1, 16);
        small.after(8 * copying, 2, 32);

        assertThat(large.run()).isEqualTo(8);
        assertThat(small.run()).isEqualTo(1);
    }

    @Test
    void shouldBeBackAtOneAfterALongTaskWithALargeArgument() {
        Pace pace = Pace.remote();
        pace.after(SHORT, 1, 0);
        pace.after(SHORT, 2, 0);

        pace.after(VERY_LONG, 1, 1 << 20);

        assertThat(pace.run()).isEqualTo(1);
    }

    @Test
    void shouldKnowAStreamByTasksInARowHoweverFewAtATime() {
        Pace pace = new Pace();
        for (int i = 0; i < 4; i++) {
            assertThat(pace.isInStream()).isFalse();
            pace.after(SHORT, 2);
        }
        assertThat(pace.isInStream()).isTrue();
        pace.after(SHORT, 1);
        assertThat(pace.isInStream()).isTrue();

        pace.foundNothing();

        assertThat(pace.isInStream()).isFalse();
        pace.after(SHORT, 7);
        assertThat(pace.isInStream()).isFalse();
        pace.after(SHORT, 1);
        assertThat(pace.isInStream()).isTrue();
    }
}
