package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunSizerTest {
    private static final long SHORT = 100;
    private static final long MIDDLING = 50_000;
    private static final long VERY_LONG = 5_000_000;

    @Test
    void shouldBeginWithOneAtATimeAndGrowWhileTasksAreShort() {
        RunSizer sizer = new RunSizer();
        assertThat(sizer.run()).isEqualTo(1);

        int before = 0;
        for (int i = 0; i < 20; i++) {
            assertThat(sizer.run()).isGreaterThanOrEqualTo(before);
            before = sizer.run();
            sizer.after(SHORT, sizer.run());
        }

        assertThat(sizer.run()).isGreaterThan(16).isLessThanOrEqualTo(1_024);
    }

    @Test
    void shouldShrinkWhenARunTakesTooLong() {
        RunSizer sizer = new RunSizer();
        for (int i = 0; i < 20; i++) {
            sizer.after(SHORT, sizer.run());
        }
        int longest = sizer.run();

        sizer.after(MIDDLING, longest);

        assertThat(sizer.run()).isEqualTo(longest / 2);
    }

    @Test
    void shouldBeBackAtOneAfterALongTask() {
        RunSizer sizer = new RunSizer();
        for (int i = 0; i < 20; i++) {
            sizer.after(SHORT, sizer.run());
        }

        sizer.after(VERY_LONG, 1);

        assertThat(sizer.run()).isEqualTo(1);
    }

    @Test
    void shouldNotGrowOnRunsThatFindLessThanTheyAskFor() {
        RunSizer sizer = new RunSizer();
        sizer.after(SHORT, 1);
        int run = sizer.run();

        for (int i = 0; i < 10; i++) {
            sizer.after(SHORT, run - 1);
        }

        assertThat(sizer.run()).isEqualTo(run);
    }

    @Test
    void shouldNotTakeLargeArgumentsOfTasksElsewhereForLongTasks() {
        long mebibyte = 1 << 20;
        long copying = mebibyte / 4;
        RunSizer large = RunSizer.remote();
        RunSizer small = RunSizer.remote();

        for (int i = 0; i < 3; i++) {
            large.after(large.run() * (copying + SHORT), large.run(), large.run() * mebibyte, 0);
        }
        small.after(2 * copying, 1, 16, 0);
        small.after(8 * copying, 2, 32, 0);

        assertThat(large.run()).isEqualTo(8);
        assertThat(small.run()).isEqualTo(1);
    }

    @Test
    void shouldNotTakeTheTripForTasksAndAimAtTwoTrips() {
        long trip = 20_000_000;
        RunSizer tiny = RunSizer.remote();
        RunSizer near = RunSizer.remote();
        RunSizer fiveMillis = RunSizer.remote();

        for (int i = 0; i < 12; i++) {
            tiny.after(trip + tiny.run() * SHORT, tiny.run(), 0, trip);
            near.after(trip + near.run() * SHORT, near.run(), 0, 0);
            fiveMillis.after(trip + fiveMillis.run() * 5_000_000L, fiveMillis.run(), 0, trip);
        }

        assertThat(tiny.run()).isEqualTo(1024);
        assertThat(near.run()).isEqualTo(1);
        assertThat(fiveMillis.run() * 5_000_000L).isBetween(trip, 2 * trip);
    }

    @Test
    void shouldBeBackAtOneAfterATaskOfManyTrips() {
        long trip = 20_000_000;
        RunSizer sizer = RunSizer.remote();
        sizer.after(trip + SHORT, sizer.run(), 0, trip);
        sizer.after(trip + SHORT, sizer.run(), 0, trip);
        assertThat(sizer.run()).isEqualTo(64);

        sizer.after(10 * trip, 1, 0, trip);

        assertThat(sizer.run()).isEqualTo(1);
    }

    @Test
    void shouldTellShortTasksByWhatOneOfThemTakes() {
        long trip = 20_000_000;
        RunSizer sizer = RunSizer.remote();
        assertThat(sizer.hasShortTasks()).isFalse(); // nothing is known yet

        sizer.after(trip + 30_000_000, 1, 0, trip);
        assertThat(sizer.hasShortTasks()).isTrue();

        sizer.after(trip + 50_000_000, 1, 0, trip);
        assertThat(sizer.hasShortTasks()).isFalse();

        sizer.after(trip + 120_000_000, 4, 0, trip);
        assertThat(sizer.hasShortTasks()).isTrue();
    }

    @Test
    void shouldBeBackAtOneAfterALongTaskWithALargeArgument() {
        RunSizer sizer = RunSizer.remote();
        sizer.after(SHORT, 1, 0, 0);
        sizer.after(SHORT, 2, 0, 0);

        sizer.after(VERY_LONG, 1, 1 << 20, 0);

        assertThat(sizer.run()).isEqualTo(1);
    }

    @Test
    void shouldKnowAStreamByTasksInARowHoweverFewAtATime() {
        RunSizer sizer = new RunSizer();
        for (int i = 0; i < 4; i++) {
            assertThat(sizer.isInStream()).isFalse();
            sizer.after(SHORT, 2);
        }
        assertThat(sizer.isInStream()).isTrue();
        sizer.after(SHORT, 1);
        assertThat(sizer.isInStream()).isTrue();

        sizer.foundNothing();

        assertThat(sizer.isInStream()).isFalse();
        sizer.after(SHORT, 7);
        assertThat(sizer.isInStream()).isFalse();
        sizer.after(SHORT, 1);
        assertThat(sizer.isInStream()).isTrue();
    }
}
