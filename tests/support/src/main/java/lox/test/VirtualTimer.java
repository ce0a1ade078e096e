package lox.test;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer and its clock, which stand still until the test lets them go on. Runs what is due in the test's thread. */
public final class VirtualTimer extends ScheduledThreadPoolExecutor {
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(alarm -> alarm.time));
    private long now = Long.MAX_VALUE - 5_000_000_000L; // overflows in the middle of the tests

    /** Begins shortly before the number of nanoseconds overflows. */
    public VirtualTimer() {
        super(0);
    }

    private final class Alarm extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final long time;

        Alarm(Runnable task, long time) {
            super(task, null);
            this.time = time;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(time - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /**
     * The time.
     *
     * @return in nanoseconds
     */
    public synchronized long nanos() {
        return now;
    }

    /**
     * Counts the tasks that are not due yet.
     *
     * @return without those that were cancelled
     */
    public synchronized int scheduled() {
        return (int) alarms.stream().filter(alarm -> !alarm.isCancelled()).count();
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        Alarm alarm = new Alarm(task, now + unit.toNanos(delay));
        alarms.add(alarm);
        return alarm;
    }

    /**
     * Lets time pass, and runs what is due meanwhile.
     *
     * @param millis how much time
     */
    public void advance(long millis) {
        long end = nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            Alarm due;
            synchronized (this) {
                due = alarms.stream()
                        .filter(alarm -> alarm.time - end <= 0)
                        .min(Comparator.naturalOrder())
                        .orElse(null);
                if (due == null) {
                    now = end;
                    return;
                }
                alarms.remove(due);
                now = due.time;
            }
            due.run();
        }
    }
}
