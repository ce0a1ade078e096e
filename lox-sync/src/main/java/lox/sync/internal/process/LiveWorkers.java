package lox.sync.internal.process;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The workers of this JVM that have not ended. When the JVM ends in order, they may end as programs do, with their
 * shutdown hooks.
 */
final class LiveWorkers {
    /** How long this JVM's end waits for all of them; then they are killed. */
    static final long LIMIT_SECONDS = 3;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final Set<Member> WORKERS = ConcurrentHashMap.newKeySet();

    private static volatile boolean ending;

    /** A worker whose process has not ended. */
    interface Member {
        /** Has the process end as a program ends. Kills it if it cannot be told so soon. */
        void endWithJvm();

        /** Ends the process at once. */
        void kill();
    }

    private LiveWorkers() {}

    static void add(Member worker) {
        WORKERS.add(worker);
    }

    static void remove(Member worker) {
        WORKERS.remove(worker);
    }

    /**
     * Waits for the end of this JVM if that has begun: a task that a worker ran then has not failed, its result is lost
     * with this JVM. Returns after the limit, for shutdown hooks that wait for results.
     */
    static void awaitEndOfJvm() {
        for (long begun = System.nanoTime(); ending && !isLate(begun); ) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Ends all workers, when this JVM shuts down. What they print meanwhile is forwarded. */
    static void end() {
        ending = true;
        long begun = System.nanoTime();
        WORKERS.forEach(Member::endWithJvm);
        while (!WORKERS.isEmpty() && !isLate(begun)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        WORKERS.forEach(Member::kill);
    }

    private static boolean isLate(long begun) {
        return System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    }
}
