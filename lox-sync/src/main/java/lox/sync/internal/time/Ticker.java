package lox.sync.internal.time;

import java.util.concurrent.Future;
import lox.sync.internal.schedule.TimedExecutor;

/** The clock of a {@link TimedExecutor}. */
public interface Ticker {
    /** The system's clock; an action runs on the thread of the {@link Timer}. */
    Ticker SYSTEM = new SystemTicker() {
        @Override
        public Future<?> after(Runnable action, long nanos) {
            return Timer.after(action, nanos);
        }
    };

    /** The system's clock; an action runs on a shared thread, so it may take long. */
    Ticker ELSEWHERE = new SystemTicker() {
        @Override
        public Future<?> after(Runnable action, long nanos) {
            return Timer.afterElsewhere(action, nanos);
        }
    };

    /** The current time, in nanoseconds since an arbitrary origin. */
    long nanoTime();

    /**
     * Runs an action later. The action is not a job: it must not take long.
     *
     * @param action the action
     * @param nanos the delay; at once if less than one
     * @return the pending action, to be cancelled when it is no longer wanted
     */
    Future<?> after(Runnable action, long nanos);

    /** A ticker with the JVM's time. */
    abstract class SystemTicker implements Ticker {
        @Override
        public final long nanoTime() {
            return System.nanoTime();
        }
    }
}
