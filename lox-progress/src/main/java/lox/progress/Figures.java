package lox.progress;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a bar is at one moment.
 *
 * @param done what has ended, failures included
 * @param failed how many failures
 * @param total how much there is, or {@link #UNKNOWN}
 * @param nanos the time since the start
 */
record Figures(long done, long failed, long total, long nanos) {
    static final long UNKNOWN = -1;

    private static final double SECOND = 1e9;

    boolean isTotalKnown() {
        return total != UNKNOWN;
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    /** The time that the rest takes at the rate so far, if anything can be said of it. */
    Optional<Duration> remaining() {
        if (!isTotalKnown() || done == 0) {
            return Optional.empty();
        }
        double each = (double) nanos / done;
        return Optional.of(Duration.ofNanos((long) (each * Math.max(0, total - done))));
    }

    /** The rate so far: a number from 1 on if it can be, by the second, minute or hour. */
    String rate() {
        if (done == 0 || nanos <= 0) {
            return "?/s";
        }
        double perSecond = done * SECOND / nanos;
        if (perSecond >= 1) {
            return number(perSecond) + "/s";
        }
        return perSecond * 60 >= 1 ? number(perSecond * 60) + "/min" : number(perSecond * 3_600) + "/h";
    }

    private static String number(double value) {
        if (value >= 100) {
            return Long.toString(Math.round(value));
        }
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }

    /** What follows the rate: the failures, if there are any. */
    String failures() {
        return failed == 0 ? "" : ", " + failed + " failed";
    }

    /** Hours, minutes and seconds. */
    static String clock(Duration time) {
        return time.toHours() + ":" + twoDigits(time.toMinutesPart()) + ":" + twoDigits(time.toSecondsPart());
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
