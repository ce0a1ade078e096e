package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One worker's loop: claim the next full slots, run them, store the results, until nothing is left.
 *
 * <p><b>Interrupts.</b> Ending a batch interrupts whoever runs its tasks, and nobody else. A lane says in {@code occupancy}
 * which batch its thread is in; the canceller may interrupt only while it holds that field.
 *
 * <pre>
 *             occupy(b)            canceller of b
 *     null -------------&gt; b ---------------------------&gt; INTERRUPTING
 *      ^                  | ^                                 |
 *      +------------------+ +---------------------------------+
 *            vacate()          canceller, after the interrupt
 * </pre>
 *
 * The lane cannot leave while it is being interrupted, and clears the flag after every task; so no interrupt reaches a task of
 * another batch, or whatever the thread does next. A lane that occupies a batch looks whether it has ended before every task; a
 * canceller ends the batch before it looks for lanes. One of them sees the other.
 */
final class Lane implements Runnable {
    private static final Object INTERRUPTING = "interrupting";
    private static final ThreadLocal<@Nullable Lane> CURRENT = new ThreadLocal<>();
    private static final VarHandle OCCUPANCY;

    /** After this time a lane makes room if another Scatter of the same Workers waits for a place. */
    private static final long TURN_NANOS = 1_000_000;

    static {
        try {
            OCCUPANCY = MethodHandles.lookup().findVarHandle(Lane.class, "occupancy", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher<?, ?> dispatcher;
    private final Window window = new Window();
    private volatile @Nullable Object occupancy;
    private @Nullable Thread thread;
    private @Nullable Lane outer;
    private volatile boolean interrupted;

    Lane(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** The lane that runs the task the calling thread is in, or null. */
    static @Nullable Lane current() {
        return CURRENT.get();
    }

    /** Whether the calling thread is in a task that occupies a place of this pool. */
    static boolean isWorkerOf(LanePool pool) {
        for (Lane lane = CURRENT.get(); lane != null; lane = lane.outer) {
            if (lane.dispatcher.pool() == pool) {
                return true;
            }
        }
        return false;
    }

    /** The lane whose task called for this one, deeper in the same thread's stack, or null. */
    @Nullable
    Lane outer() {
        return outer;
    }

    Dispatcher<?, ?> dispatcher() {
        return dispatcher;
    }

    Window window() {
        return window;
    }

    boolean isIn(Batch batch) {
        return occupancy == batch;
    }

    // ---- entering and leaving a thread -----------------------------------------------------------------------------

    private void enter() {
        thread = Thread.currentThread();
        outer = CURRENT.get();
        CURRENT.set(this);
        dispatcher.lanes().enter(this);
    }

    private void exit() {
        vacate();
        window.close();
        dispatcher.lanes().exit(this);
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
        outer = null;
    }

    private void occupy(Batch batch) {
        if (occupancy != batch) {
            vacate();
            occupancy = batch;
        }
    }

    private void vacate() {
        Object now = occupancy;
        while (now != null && (now == INTERRUPTING || !OCCUPANCY.compareAndSet(this, now, (Object) null))) {
            Thread.onSpinWait();
            now = occupancy;
        }
    }

    /** Interrupts the thread if it is in a task of this batch. A thread does not interrupt itself. */
    void interrupt(Batch batch) {
        if (occupancy == batch
                && thread != Thread.currentThread()
                && OCCUPANCY.compareAndSet(this, (Object) batch, INTERRUPTING)) {
            try {
                if (thread != null) {
                    interrupted = true;
                    thread.interrupt();
                }
            } finally {
                occupancy = batch;
            }
        }
    }

    // ---- the loop --------------------------------------------------------------------------------------------------

    /** Works for the dispatcher until nothing is left. The crew has counted this lane as searching. */
    @Override
    public void run() {
        boolean flagged = Thread.interrupted(); // only on a thread that is not ours: it gets its flag back
        boolean handOver;
        enter();
        try {
            handOver = work();
        } finally {
            exit();
            Thread.interrupted();
        }
        if (flagged) {
            Thread.currentThread().interrupt();
        }
        if (handOver) {
            dispatcher.lanes().start(this);
        }
    }

    /** True if the lane makes room for another Scatter and has to be started again. */
    private boolean work() {
        Lanes lanes = dispatcher.lanes();
        Pace pace = lanes.takePace();
        try {
            return work(lanes, pace);
        } finally {
            lanes.leavePace(pace);
        }
    }

    private boolean work(Lanes lanes, Pace pace) {
        boolean searching = true;
        long begun = System.nanoTime();
        long before = begun;
        for (; ; ) {
            Batch front = dispatcher.batches().front();
            if (lanes.findWork(front, window, pace)) {
                if (searching) {
                    searching = false;
                    lanes.found();
                }
                int ran = runWindow();
                long now = System.nanoTime();
                lanes.finishedRun(front, pace, now - before, ran);
                before = now;
                if (now - begun > TURN_NANOS && dispatcher.pool().isContended()) {
                    lanes.handOver();
                    return true;
                }
            } else if (dispatcher.batches().front() == front && !lanes.linger()) {
                if (!lanes.leaveOrRejoin(searching)) {
                    return false;
                }
                searching = true;
                before = System.nanoTime();
            }
        }
    }

    /**
     * Works for one batch alone, in the thread of a task that would otherwise wait for it in the place of a worker it needs.
     * Returns when nothing of the batch is left to start, or when the task this thread is in has been cancelled: then true.
     */
    boolean help(Batch batch) {
        enter();
        try {
            while (!batch.isEnded()) {
                if (outer != null && outer.isCancelled()) {
                    return true;
                }
                if (dispatcher.lanes().findWorkIn(batch, window)) {
                    runWindow();
                } else if (!batch.hasUnfilled()) {
                    return false;
                } else {
                    Thread.onSpinWait(); // a producer is between its index and its slot
                }
            }
            return false;
        } finally {
            exit();
        }
    }

    /** Fails everything that has not been claimed, because no lane can be had to run it. */
    void refuseAll(Throwable reason) {
        while (dispatcher.batches().front().claim(window, 1) > 0) {
            Batch batch = window.batch();
            int index = window.next();
            if (batch != null && batch.start(index)) {
                dispatcher.leaveGate();
                Slots.Chunk chunk = batch.slots().filledChunk(index);
                Object content = chunk.value(Slots.offset(index));
                if (content instanceof Envelope envelope && envelope.completion() != null) {
                    fail(reason, envelope.argument(), batch, index, chunk, true);
                    envelope.completion().fail(reason);
                } else {
                    fail(reason, content, batch, index, chunk, false);
                }
                batch.finished(1);
            }
        }
    }

    void cancelBatch(String reason) {
        if (occupancy instanceof Batch batch) {
            batch.cancel(reason);
        }
    }

    private boolean isCancelled() {
        return occupancy instanceof Batch batch && batch.isEnded();
    }

    /** Runs one task in the thread that scatters it. */
    void runHere(Batch batch, int index, @Nullable Object content) {
        enter();
        try {
            occupancy = batch;
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (batch.isEnded()) {
                batch.drop(chunk, Slots.offset(index));
            } else {
                run(batch, index, chunk, content);
                batch.finished(1);
            }
        } finally {
            exit();
            if (interrupted) {
                Thread.interrupted();
            }
        }
    }

    private int runWindow() {
        Batch batch = window.batch();
        if (batch == null) {
            return 0;
        }
        occupy(batch);
        int ran = 0;
        for (int index = window.next(); index >= 0; index = window.next()) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            int offset = Slots.offset(index);
            if (chunk.move(offset, Slots.FULL, Slots.CLAIMED)) {
                dispatcher.leaveGate();
                if (batch.isEnded()) {
                    batch.drop(chunk, offset);
                } else {
                    run(batch, index, chunk, chunk.value(offset));
                    Thread.interrupted(); // whoever set it, it was meant for that task
                    ran++;
                }
            }
        }
        if (ran > 0) {
            batch.finished(ran);
        }
        return ran;
    }

    private void run(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        if (content instanceof Envelope envelope) {
            open(envelope, batch, index, chunk);
        } else {
            try {
                chunk.finish(Slots.offset(index), dispatcher.apply(content), Slots.DONE);
            } catch (Throwable thrown) {
                fail(thrown, content, batch, index, chunk, false);
            }
        }
    }

    private void open(Envelope envelope, Batch batch, int index, Slots.Chunk chunk) {
        Completion<?> completion = envelope.completion();
        Object result;
        try {
            result = dispatcher.apply(envelope);
        } catch (Throwable thrown) {
            fail(thrown, envelope.argument(), batch, index, chunk, completion != null);
            if (completion != null) {
                completion.fail(thrown);
            }
            return;
        }
        chunk.finish(Slots.offset(index), result, Slots.DONE);
        if (completion != null) {
            dispatcher.deliver(completion, index, result);
        }
    }

    private void fail(
            Throwable thrown, @Nullable Object argument, Batch batch, int index, Slots.Chunk chunk, boolean received) {
        boolean nobodysLoss = received || batch.isEchoOfInterrupt(thrown);
        TaskOrigin.attach(thrown, dispatcher.name(), index, argument);
        chunk.finish(Slots.offset(index), thrown, nobodysLoss ? Slots.REPORTED : Slots.FAILED);
        batch.failed(index, thrown);
    }
}
