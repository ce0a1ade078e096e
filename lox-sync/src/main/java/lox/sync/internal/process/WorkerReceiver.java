package lox.sync.internal.process;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import lox.sync.spi.host.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * Reads one worker's messages, in a thread of its own that never runs code of the user's: results go to their runs as
 * they came. When the messages end, it handles the worker's end.
 */
final class WorkerReceiver implements Runnable {
    private static final long LOOK_MILLIS = 50;

    private final WorkerContext context;
    private final WorkerLink link;
    private final RunQueue runs;
    private final WorkerLifecycle lifecycle;
    private final WorkerSender sender;
    private final Runnable onReady;
    private final Runnable onEnd;
    private final WireReader in;
    private final ClassFileFinder classFiles;
    private final CountDownLatch told = new CountDownLatch(1); // whether it is ready
    private volatile @Nullable Object refusal; // as received
    private volatile boolean ready;
    private volatile long heap;
    private final AtomicLong received = new AtomicLong(); // bytes

    /**
     * Makes one for a worker.
     *
     * @param onReady run by the receiver's thread when the worker can take tasks
     * @param onEnd run by the receiver's thread when the worker's messages have ended
     */
    WorkerReceiver(
            WorkerContext context,
            WorkerLink link,
            RunQueue runs,
            WorkerLifecycle lifecycle,
            WorkerSender sender,
            Runnable onReady,
            Runnable onEnd) {
        this.context = context;
        this.link = link;
        this.runs = runs;
        this.lifecycle = lifecycle;
        this.sender = sender;
        this.onReady = onReady;
        this.onEnd = onEnd;
        this.in = new WireReader(link.input());
        this.classFiles = new ClassFileFinder(context.loaders());
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

    /** The exception that the initializer threw, as it was received; or null. */
    @Nullable
    Object refusal() {
        return refusal;
    }

    boolean wasReady() {
        return ready;
    }

    /** How many bytes the worker's heap can grow to, once it is ready. */
    long heap() {
        return heap;
    }

    /** How many bytes have come, up to the last whole message. */
    long received() {
        return received.get();
    }

    // ---- its own thread --------------------------------------------------------------------------------------------

    @Override
    public void run() {
        try {
            for (; ; ) {
                readMessage();
                received.lazySet(in.received());
            }
        } catch (IOException end) {
            context.log().note(end);
        } catch (Throwable broken) { // no memory to read on: the worker is lost, its tasks are not
            lifecycle.lose();
            context.log().note(broken);
        } finally {
            onEnd.run();
        }
    }

    /** Ends the wait for the worker to be ready: it is gone. */
    void stopWaiting() {
        told.countDown();
    }

    private void readMessage() throws IOException {
        byte kind = in.readByte();
        switch (kind) {
            case Protocol.READY -> {
                heap = in.readLong();
                ready = true;
                onReady.run();
                told.countDown();
            }
            case Protocol.UNREADY -> {
                refusal = Objects.requireNonNull(ValueCodec.receive(in), "what the initializer threw");
                told.countDown();
            }
            case Protocol.TOOK -> readTime(in.readLong());
            case Protocol.RESULT, Protocol.FAILURE -> readResult(kind);
            case Protocol.RECALLED -> readRecalled(in.readLong(), in.readInt());
            case Protocol.ASK -> answer(in.readInt(), ValueCodec.receive(in));
            default -> throw new IOException("a worker has sent the message " + kind);
        }
    }

    private void readResult(byte kind) throws IOException {
        TaskRun run = runs.first();
        if (run == null) {
            throw new IOException("a worker has sent a result that nobody asked for");
        }
        if (link.holdsUnfinishedLine() && runs.isAtLastTask()) {
            link.forwardAll(); // no other task will end that line
        }
        try {
            Object received = ValueCodec.receive(in);
            if (kind == Protocol.RESULT) {
                run.ended(received);
            } else {
                run.threw(received);
            }
        } catch (OutOfMemoryError tooLarge) {
            run.failed(tooLarge);
        }
        runs.countEnded();
        if (run.isOver() || in.isTimeToTell()) {
            run.tell();
        }
    }

    private void readTime(long nanos) {
        TaskRun run = runs.first();
        if (run != null) {
            run.took(nanos);
        }
    }

    private void readRecalled(long id, int limit) {
        TaskRun run = runs.find(id);
        if (run != null) {
            run.answerRecall(limit);
            if (run.isStopped() && !run.isOver()) {
                lifecycle.kill();
            }
            run.tell();
        }
    }

    private void answer(int question, @Nullable Object resource) {
        byte[] content = null;
        try {
            content = classFiles.find(String.valueOf(resource));
        } catch (RuntimeException unreadable) {
            context.log().note(unreadable);
        }
        sender.answer(question, content);
    }
}
