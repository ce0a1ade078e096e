package lox.sync.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import lox.sync.internal.time.OwnThreads;

/**
 * Reads one output stream of a process in a thread of its own and forwards it by the line. Another thread can wait
 * until all that lies in the stream has been forwarded.
 *
 * <p>The thread never waits inside a read: it asks how much is available, takes that, and sleeps while nothing is, a
 * millisecond at first, then longer. So another thread can see exactly whether anything is in the stream or in the
 * reader's hands, under the lock that the reader holds while it takes. A thread that blocks in a read may have returned
 * with bytes that no other thread sees yet.
 *
 * <p>Three counts of bytes grow: {@code taken >= processed >= forwarded}, except that {@code forwarded} runs ahead of
 * {@code processed} within a block. What is processed and not forwarded is a line without its end. It is forwarded as
 * it is when it is {@value #UNENDED_MILLIS} ms old, when the task that wrote it has ended, or the stream has.
 */
final class StreamReader implements Runnable {
    /** Takes lines. An exception that it throws ends the reader. */
    interface LineConsumer {
        /**
         * Takes a line.
         *
         * @param line without its end
         * @param isEnded false if its end has not come
         */
        void accept(byte[] line, boolean isEnded);
    }

    private static final int UNENDED_MILLIS = 100;
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(32);

    /** How long one line may occupy the consumer before other threads stop waiting for it. */
    private static final long PATIENCE_MILLIS = 2_000;

    /** A longer line is forwarded in parts. */
    private static final int LONGEST_LINE = 1024 * 1024;

    private final InputStream stream;
    private final BooleanSupplier writerIsAlive;
    private final byte[] marker;
    private final LineConsumer receiver;
    private final Thread thread;

    private final Object taking = new Object();
    private long taken; // guarded by that lock
    private volatile long processed; // by the thread alone, as the next two
    private volatile long forwarded;
    private volatile boolean ended;

    private final Object waiting = new Object();
    private volatile int waiters; // guarded by that lock when it is written
    private long stuckAt = -1; // guarded by it, too: so much was forwarded when a line took too long
    private volatile long unendedWanted; // so far, lines are to be forwarded without their ends

    // The thread's:
    private final LineBuffer line = new LineBuffer();
    private final byte[] block = new byte[16 * 1024];
    private long lineSince;

    /**
     * Makes a reader; {@link #start} starts it.
     *
     * @param stream closed at its end, or when the writer has ended and all is read that was there by then
     * @param writerIsAlive false once the process has ended, though others may hold the stream open
     * @param marker bytes before a line's end that say that the line has none; or empty
     * @param receiver called by the thread
     * @param name of the thread
     */
    StreamReader(InputStream stream, BooleanSupplier writerIsAlive, byte[] marker, LineConsumer receiver, String name) {
        this.stream = stream;
        this.writerIsAlive = writerIsAlive;
        this.marker = marker;
        this.receiver = receiver;
        this.thread = OwnThreads.make(name, this, 256 * 1024);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    // ---- any thread ------------------------------------------------------------------------------------------------

    /** Whether a line without an end is being kept. */
    boolean holdsUnfinishedLine() {
        return processed > forwarded;
    }

    /**
     * Waits until all lines that are in the stream now have been forwarded. Gives up when the receiver takes too long
     * over one.
     *
     * @param unendedToo whether that includes what has no end
     */
    void forwardAll(boolean unendedToo) {
        long target;
        synchronized (taking) {
            target = taken + available();
            if (processed >= target && (forwarded >= target || !unendedToo)) {
                return;
            }
            if (unendedToo) {
                unendedWanted = target;
            }
        }
        await(target, unendedToo);
    }

    /**
     * Waits until the stream has ended, and all of it has been forwarded. Gives up, with false, when the receiver
     * takes too long.
     */
    boolean awaitEnd() {
        await(Long.MAX_VALUE, true);
        return ended;
    }

    private void await(long target, boolean unendedToo) {
        LockSupport.unpark(thread);
        boolean interrupted = false;
        synchronized (waiting) {
            waiters++;
            long last = forwarded;
            long since = System.nanoTime();
            while (!ended && (unendedToo ? forwarded : processed) < target && last != stuckAt) {
                try {
                    waiting.wait(PATIENCE_MILLIS);
                } catch (InterruptedException meantForSomethingElse) {
                    interrupted = true;
                }
                if (forwarded != last) {
                    last = forwarded;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
                    stuckAt = last;
                }
            }
            waiters--;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int available() {
        try {
            return ended ? 0 : stream.available();
        } catch (IOException closed) { // by the thread, at the end
            return 0;
        }
    }

    // ---- the thread ------------------------------------------------------------------------------------------------

    @Override
    public void run() {
        try (stream) {
            long pause = SHORTEST_PAUSE_NANOS;
            for (boolean alive = true; alive; ) {
                alive = writerIsAlive.getAsBoolean(); // first: what it has written is there by then
                int length = take();
                while (length > 0) {
                    takeApart(length);
                    pause = SHORTEST_PAUSE_NANOS;
                    length = take();
                }
                alive &= length == 0;
                handOnUnended(!alive);
                if (alive) {
                    LockSupport.parkNanos(this, pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                }
            }
        } catch (IOException closed) {
            return; // the process is gone, and its streams with it: there is nothing left to hand on
        } finally {
            ended = true;
            tell();
        }
    }

    /** Takes what is available. Returns how many bytes, 0 if there are none, -1 at the end. */
    private int take() throws IOException {
        synchronized (taking) {
            int length = Math.min(stream.available(), block.length);
            if (length > 0) {
                length = stream.read(block, 0, length);
                taken += Math.max(0, length);
            }
            return length;
        }
    }

    private void takeApart(int length) {
        int begin = 0;
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                line.write(block, begin, i - begin);
                begin = i + 1;
                endLine(processed + begin);
            }
        }
        if (line.size() == 0) {
            lineSince = System.nanoTime();
        }
        line.write(block, begin, length - begin);
        long before = processed; // which this thread alone writes
        processed = before + length;
        if (line.size() >= LONGEST_LINE + marker.length) {
            forward(line.takeWholeCharacters(marker.length), false, processed - line.size());
        }
        tell();
    }

    private void endLine(long position) {
        boolean isEnded = !line.dropEnd(marker);
        if (isEnded) {
            line.dropCarriageReturn();
        }
        if (isEnded || line.size() > 0) {
            forward(line.take(), isEnded, position);
        } else {
            forwarded = position; // a marker behind a line that was old enough to be forwarded without it
        }
    }

    private void handOnUnended(boolean isLast) {
        if (line.size() == 0) {
            return;
        }
        if (isLast || forwarded < unendedWanted) {
            forward(line.take(), false, processed);
        } else if (System.nanoTime() - lineSince >= TimeUnit.MILLISECONDS.toNanos(UNENDED_MILLIS)) {
            byte[] part = line.takeWholeCharacters(0);
            if (part.length > 0) {
                forward(part, false, processed - line.size());
            }
        }
    }

    private void forward(byte[] content, boolean isEnded, long position) {
        receiver.accept(content, isEnded);
        forwarded = position;
        tell();
    }

    private void tell() {
        if (waiters > 0) {
            synchronized (waiting) {
                waiting.notifyAll();
            }
        }
    }
}
