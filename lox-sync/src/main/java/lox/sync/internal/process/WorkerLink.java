package lox.sync.internal.process;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import lox.sync.process.WorkerCrashedException;

/**
 * The connection to one worker and the hold on its process, from the parent's side. The worker's reading thread calls
 * {@link #input}, {@link #holdsUnfinishedLine}, {@link #forwardAll} and {@link #awaitEnd}; any thread may call the
 * other methods.
 */
interface WorkerLink extends AutoCloseable {
    /**
     * The bytes that the worker sends. After the worker's end, what it had finished and not sent follows; then the
     * channel ends. The lines that the worker printed before a part have been forwarded when that part is read.
     */
    ReadableByteChannel input();

    /** Takes the bytes that go to the worker. */
    AbandonableChannel output();

    /**
     * Counts the tasks that the worker has started.
     *
     * @throws IOException if the link is closed
     */
    long started() throws IOException;

    /** Whether the worker has printed something that is no whole line and was not forwarded. */
    boolean holdsUnfinishedLine();

    /** Forwards all that the worker has printed, an unfinished line included, and waits until that is done. */
    void forwardAll();

    /** Whether the reading thread waits for lines to be forwarded, so that the worker may be further than it seems. */
    boolean isForwarding();

    /** Ends the worker's process at once, with all processes it has started. Does not wait. */
    void kill();

    /** Waits for the end of the worker's process, which is near, and kills the process if that takes long. */
    void awaitEnd();

    /** The number of the worker's process. */
    long pid();

    /**
     * How many nanoseconds a short message takes to the worker and back, as far as that is known; 0 if the worker is on
     * this machine.
     */
    default long tripNanos() {
        return 0;
    }

    /** Names the worker's process in messages. */
    String describe();

    /**
     * Describes the process's end; call after {@link #awaitEnd}.
     *
     * @param what what happened; the message begins with it
     */
    WorkerCrashedException crash(String what);

    /** Gives back what the connection holds. Call once, after the end of the process. */
    @Override
    void close();
}
