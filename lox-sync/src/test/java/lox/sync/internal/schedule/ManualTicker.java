package lox.sync.internal.schedule;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import lox.sync.internal.time.Ticker;

/** Time that passes when the test says so. For one thread. */
final class ManualTicker implements Ticker {
    private record Alarm(long time, long order, FutureTask<?> action) {}

    private final Queue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::time).thenComparingLong(Alarm::order));
    private long now = Long.MAX_VALUE - 1_000_000; // it overflows soon, as System.nanoTime may
    private long orders;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Future<?> after(Runnable action, long nanos) {
        FutureTask<?> task = new FutureTask<>(action, null);
        alarms.add(new Alarm(elapsed() + Math.max(0, nanos), orders++, task));
        return task;
    }

    /** Lets time pass, and does what is due on the way. */
    void advance(Duration time) {
        long end = elapsed() + time.toNanos();
        for (Alarm next = alarms.peek(); next != null && next.time <= end; next = alarms.peek()) {
            alarms.remove();
            now += next.time - elapsed();
            next.action.run();
        }
        now += end - elapsed();
    }

    /** How many alarms somebody still waits for. */
    long waiting() {
        return alarms.stream().filter(alarm -> !alarm.action.isCancelled()).count();
    }

    private long elapsed() {
        return now - (Long.MAX_VALUE - 1_000_000);
    }
}
