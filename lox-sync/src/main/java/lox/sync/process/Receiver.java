package lox.sync.process;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears what one worker says, in a thread of its own that never runs code of the user's: results go to their runs as they came.
 * When the worker falls silent it sees to its end.
 */
final class Receiver implements Runnable {
    private static final long LOOK_MILLIS = 50;

    private final Worker worker;
    private final WorkerPool pool;
    private final Source in;
    private final RunQueue runs;
    private final CountDownLatch told = new CountDownLatch(1); // whether it is ready
    private volatile @Nullable Throwable refusal;
    private volatile boolean ready;
    private volatile long heap;
    private volatile long ended;

    Receiver(Worker worker, WorkerPool pool, Source in, RunQueue runs) {
        this.worker = worker;
        this.pool = pool;
        this.in = in;
        this.runs = runs;
    }

    // ---- any thread ------------------------------------------------------------------------------------------------

    /** Waits until the worker is ready. False if it will not be, or is no longer wanted. */
    boolean awaitReady(BooleanSupplier wanted) {
        boolean interrupted = false;
        try {
            while (wanted.getAsBoolean()) {
                try {
                    if (told.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                        return !runs.isClosed() && refusal == null;
                    }
                } catch (InterruptedException look) {
                    Thread.currentThread().interrupt(); // it may be what the caller looks at
                    if (!wanted.getAsBoolean()) {
                        return false;
                    }
                    interrupted = Thread.interrupted();
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the initializer threw, or null. */
    @Nullable
    Throwable refusal() {
        return refusal;
    }

    boolean wasReady() {
        return ready;
    }

    /** How many bytes the worker's heap can grow to, once it is ready. */
    long heap() {
        return heap;
    }

    /** How many tasks have ended, however. */
    long ended() {
        return ended;
    }

    // ---- its own thread --------------------------------------------------------------------------------------------

    @Override
    public void run() {
        try {
            for (; ; ) {
                hear();
            }
        } catch (IOException end) {
            pool.log(end);
        } catch (Throwable broken) { // no memory to read on: the worker is lost, its tasks are not
            pool.log(broken);
            worker.lose();
        } finally {
            worker.end();
        }
    }

    /** The worker is no more, so it will not be ready. */
    void stopWaiting() {
        told.countDown();
    }

    private void hear() throws IOException {
        byte kind = in.readByte();
        switch (kind) {
            case Protocol.READY -> {
                heap = in.readLong();
                ready = true;
                told.countDown();
            }
            case Protocol.UNREADY -> {
                refusal = worker.exception(Values.receive(in));
                told.countDown();
            }
            case Protocol.RESULT, Protocol.FAILURE -> hearResult(kind);
            case Protocol.RECALLED -> hearRecalled(in.readLong(), in.readInt());
            case Protocol.ASK -> answer(in.readInt(), Values.receive(in));
            default -> throw new IOException("a worker has said " + kind);
        }
    }

    private void hearResult(byte kind) throws IOException {
        TaskRun run = runs.first();
        if (run == null) {
            throw new IOException("a worker has sent a result that nobody asked for");
        }
        try {
            Object received = Values.receive(in);
            if (kind == Protocol.RESULT) {
                run.ended(received);
            } else {
                run.threw(received);
            }
        } catch (OutOfMemoryError tooLarge) {
            run.failed(tooLarge);
        }
        long before = ended; // which this thread alone writes
        ended = before + 1;
        if (run.isOver() || in.isTimeToTell()) {
            run.tell();
        }
    }

    private void hearRecalled(long id, int limit) {
        TaskRun run = runs.find(id);
        if (run != null) {
            run.answerRecall(limit);
            if (run.isStopped() && !run.isOver()) {
                worker.kill();
            }
            run.tell();
        }
    }

    private void answer(int question, @Nullable Object resource) {
        byte[] content = null;
        try {
            content = pool.classFiles().find(String.valueOf(resource));
        } catch (RuntimeException unreadable) {
            pool.log(unreadable);
        }
        worker.answer(question, content);
    }
}
