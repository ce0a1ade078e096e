package lox.sync.internal.pool;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of one pool in the calling thread, one after the other. A job that is handed over inside of another one
 * waits until that one has left the thread. So functions that do not block may scatter to each other, and to
 * themselves, and need no more stack for it than one for each pool. A job of another pool runs at once, inside: what
 * subscribes to a result may block this thread until such a job has run.
 */
public final class CallingThread implements Executor {
    /**
     * For each thread a cell with the innermost turn that it is in, or null, and a weak reference to one that is taken
     * again. The cell stays, since to take it out and in again would cost more than a short task; it is a type of the
     * JDK, so it keeps no class of lox.
     */
    private static final ThreadLocal<@Nullable Object[]> INNERMOST = ThreadLocal.withInitial(() -> new Object[2]);

    /** What the jobs of one pool in one thread have in common. */
    public static final class Turn {
        private final @Nullable CallingThread of; // null if the jobs run here for another reason
        private final boolean mayBlock;
        private @Nullable Turn outer; // while it runs
        private @Nullable Runnable first; // of those that wait for the job that the thread is in
        private @Nullable Queue<Runnable> others; // behind the first; made for the second one
        private boolean interrupted; // what came while a job ran

        private Turn(@Nullable CallingThread of, boolean mayBlock) {
            this.of = of;
            this.mayBlock = mayBlock;
        }

        void add(Runnable job) {
            if (first == null && (others == null || others.isEmpty())) {
                first = job;
                return;
            }
            if (others == null) {
                others = new ArrayDeque<>();
            }
            others.add(job);
        }

        @Nullable
        Runnable next() {
            Runnable next = first;
            if (next != null) {
                first = null;
                return next;
            }
            return others == null ? null : others.poll();
        }

        boolean isWaitedFor() {
            return first != null || (others != null && !others.isEmpty());
        }
    }

    /**
     * Clears the calling thread's interrupt flag, so that no other job finds it. If the jobs run in a caller's thread,
     * the flag may be meant for the caller, who gets it back when they are done.
     */
    public static void clearInterrupt() {
        if (Thread.interrupted()) {
            keepInterrupt();
        }
    }

    /** Keeps an interrupt, which has been cleared, for the caller in whose thread the jobs run, if it is one. */
    public static void keepInterrupt() {
        Turn innermost = (Turn) INNERMOST.get()[0];
        if (innermost != null) {
            innermost.interrupted = true;
        }
    }

    /** Runs a job in a thread that is the caller's, whatever executor has wanted that. */
    static void runForCaller(Runnable job) {
        @Nullable Object[] cell = INNERMOST.get();
        run(job, cell, new Turn(null, false));
    }

    private @Nullable Turn turn(@Nullable Turn innermost) {
        Turn turn = innermost;
        while (turn != null && turn.of != this) {
            turn = turn.outer;
        }
        return turn;
    }

    /** Whether the calling thread is in a job of this pool, so that another one would have to wait. */
    boolean isInJob() {
        return turn((Turn) INNERMOST.get()[0]) != null;
    }

    /** Whether a job waits for the one that the calling thread is in. */
    boolean isWaitedFor() {
        Turn turn = turn((Turn) INNERMOST.get()[0]);
        return turn != null && turn.isWaitedFor();
    }

    /** A turn for one who comes again and again, one thread at a time. */
    Turn newTurn() {
        return new Turn(this, false);
    }

    /**
     * The turn that the thread keeps if it is one of this pool, or else a new one. The thread is in no turn of this
     * pool, so it is not in this one. One turn is kept until a garbage collection finds it unused: a new reference for
     * each change of the pool would cost more than a turn.
     */
    private Turn keptTurn(@Nullable Object[] cell) {
        Object kept = cell[1] instanceof WeakReference<?> reference ? reference.get() : null;
        if (kept instanceof Turn turn && turn.of == this) {
            return turn;
        }
        Turn turn = newTurn();
        if (kept == null) {
            cell[1] = new WeakReference<>(turn);
        }
        return turn;
    }

    /**
     * Runs a job at once if the calling thread is in none of this pool, and it is admitted. Returns whether it was.
     *
     * @param own a {@linkplain #newTurn turn} of the caller's own, or null
     */
    boolean tryExecute(Runnable job, BooleanSupplier admission, @Nullable Turn own) {
        @Nullable Object[] cell = INNERMOST.get();
        if (turn((Turn) cell[0]) != null) {
            return false;
        }
        Turn turn = own != null ? own : keptTurn(cell); // before the admission: there may be no memory for it
        if (!admission.getAsBoolean()) {
            return false;
        }
        run(job, cell, turn);
        return true;
    }

    @Override
    public void execute(Runnable job) {
        @Nullable Object[] cell = INNERMOST.get();
        Turn turn = turn((Turn) cell[0]);
        if (turn == null) {
            run(job, cell, keptTurn(cell));
        } else if (turn.mayBlock) {
            Timer.elsewhere(() -> execute(job)); // the job that blocks may wait for this one
        } else {
            turn.add(job);
        }
    }

    /** Runs a job that may block. What is handed over inside of it runs on other threads. */
    void runBlocking(Runnable job) {
        @Nullable Object[] cell = INNERMOST.get();
        run(job, cell, new Turn(this, true));
    }

    private static void run(Runnable job, @Nullable Object[] cell, Turn turn) {
        Turn outer = (Turn) cell[0];
        boolean flagged = Thread.interrupted(); // the thread gets its flag back
        turn.outer = outer;
        turn.interrupted = false;
        cell[0] = turn;
        try {
            for (Runnable next = job; next != null; next = turn.next()) {
                next.run();
            }
        } finally {
            cell[0] = outer;
            turn.outer = null; // the turn may be kept, and must not keep this, nor a queue that has grown
            for (Runnable left = turn.next(); left != null; left = turn.next()) { // after an error only
                Timer.elsewhere(left);
            }
            turn.others = null;
            if (flagged || turn.interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
