package lox.sync.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The holders of a lock and the requests that wait for it, with times and places: to find a deadlock, of which
 * {@code ThreadMXBean.findDeadlockedThreads()} sees nothing, because a permit belongs to no thread.
 *
 * <p>Waiting requests are always known. Holders are known if permits are tracked, see
 * {@link lox.sync.lock}; so is where each asked.
 *
 * <p>A report can be made at any time, by any thread. Making one never waits and does not disturb the lock; it takes
 * time in proportion to the number of its entries. While other threads are at work, the report tells of each holder and
 * each queued waiter that was there all the time, and of some that came or went meanwhile: also of a request that has
 * just been made, which another thread may be about to queue. Once all is quiet it is exact.
 * {@link #toString()} has a line for each entry, up to twenty of each kind.
 *
 * @param lock the lock as its own {@code toString()} shows it
 * @param tracked whether the lock tracks its permits; if not, there are no holders in this report
 * @param holders the permits that are out, in the order in which they were asked for; unmodifiable
 * @param waiters the requests that wait, in the order of the queue; unmodifiable
 */
public record LockReport(String lock, boolean tracked, List<Entry> holders, List<Entry> waiters) {
    private static final int MOST_LINES = 20;

    /**
     * Makes a report.
     *
     * @param lock the lock as its own {@code toString()} shows it
     * @param tracked whether the lock tracks its permits
     * @param holders the permits that are out
     * @param waiters the requests that wait
     * @throws NullPointerException if a list is null or has a null element
     */
    public LockReport {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(lock);
        if (!tracked) {
            text.append("\n  holders are known with -Dlox.lock.trackPermits=true");
        }
        append(text, "held", holders);
        append(text, "awaited", waiters);
        return text.toString();
    }

    private static void append(StringBuilder text, String how, List<Entry> entries) {
        for (Entry entry : entries.subList(0, Math.min(entries.size(), MOST_LINES))) {
            text.append("\n  ").append(how).append(' ').append(entry);
        }
        if (entries.size() > MOST_LINES) {
            text.append("\n  ")
                    .append(how)
                    .append(" by ")
                    .append(entries.size() - MOST_LINES)
                    .append(" more");
        }
    }

    /**
     * One permit that is out, or one request that waits.
     *
     * @param door what was asked for: the name of the lock's class, and of its side if it has two
     * @param thread for a permit, the thread that asked for it, which may have handed it on; for a request, the thread
     *     that waits, or else the one that asked. Empty for a request that no thread waits for, if permits are not
     *     tracked
     * @param time how long the permit has been held, or the request has waited
     * @param where the stack of the thread when it asked, innermost call first; empty if permits are not tracked;
     *     unmodifiable
     */
    public record Entry(String door, Optional<Thread> thread, Duration time, List<StackTraceElement> where) {
        /** The classes between a caller and its permit. Names and no literals: those classes depend on this one. */
        private static final Set<String> OWN = Set.of(
                "lox.sync.lock.PermitTracker",
                "lox.sync.lock.AcquirePath",
                "lox.sync.lock.AcquireRequest",
                "lox.sync.lock.LightSwitch",
                "lox.sync.lock.WeightedSemaphore",
                "lox.sync.lock.KeyedLock$KeyView");

        /**
         * Makes an entry.
         *
         * @param door what was asked for
         * @param thread the thread that asked or waits
         * @param time how long it has been held, or has waited
         * @param where the stack of the thread when it asked
         * @throws NullPointerException if the list is null or has a null element
         */
        public Entry {
            where = List.copyOf(where);
        }

        static Entry of(String door, @Nullable Thread thread, long nanos, StackTraceElement... where) {
            return new Entry(door, Optional.ofNullable(thread), Duration.ofNanos(Math.max(0, nanos)), List.of(where));
        }

        @Override
        public String toString() {
            String who = thread.map(each -> "thread \"" + each.getName() + "\" #" + each.getId())
                    .orElse("a request of which no thread is known");
            String place = where.stream()
                    .filter(frame -> !OWN.contains(frame.getClassName()))
                    .findFirst()
                    .map(frame -> ", asked at " + frame)
                    .orElse("");
            return "by " + who + " for " + time.toMillis() + " ms, through " + door + place;
        }
    }
}
