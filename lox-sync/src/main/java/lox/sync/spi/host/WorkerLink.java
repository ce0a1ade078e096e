package lox.sync.spi.host;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import lox.sync.process.WorkerCrashedException;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one worker and the hold on its process, from the parent's side. The worker's reading thread calls
 * {@link #input}, {@link #holdsUnfinishedLine}, {@link #forwardAll} and {@link #awaitEnd}; any thread may call the
 * other methods.
 */
public interface WorkerLink extends AutoCloseable {
    /**
     * The bytes that the worker sends. After the worker's end, what it had finished and not sent follows; then the
     * channel ends. The lines that the worker printed before a part have been forwarded when that part is read.
     *
     * @return the same channel each time
     */
    ReadableByteChannel input();

    /**
     * Takes the bytes that go to the worker.
     *
     * @return the same channel each time
     */
    AbandonableChannel output();

    /**
     * Counts the tasks that the worker has started.
     *
     * @return how many, as far as it is known here
     * @throws IOException if the link is closed
     */
    long started() throws IOException;

    /**
     * Whether the worker has printed something that is no whole line and was not forwarded.
     *
     * @return true if {@link #forwardAll} would forward it
     */
    boolean holdsUnfinishedLine();

    /** Forwards all that the worker has printed, an unfinished line included, and waits until that is done. */
    void forwardAll();

    /**
     * Whether the reading thread waits for lines to be forwarded.
     *
     * @return true if the worker may be further than it seems
     */
    boolean isForwarding();

    /**
     * Whether the worker should take no more tasks, since its machine is about to leave. By any thread.
     *
     * @return true from that moment on
     */
    default boolean isWantedBack() {
        return false;
    }

    /**
     * Has the caller told when the worker should take no more tasks.
     *
     * @param action run once, by any thread, which must not be kept waiting; at once if it is so already
     */
    default void whenWantedBack(Runnable action) {}

    /** Ends the worker's process at once, with all processes it has started. Does not wait. */
    void kill();

    /** Waits for the end of the worker's process, which is near, and kills the process if that takes long. */
    void awaitEnd();

    /**
     * The number of the worker's process.
     *
     * @return its number on its own machine
     */
    long pid();

    /**
     * How long a short message takes to the worker and back.
     *
     * @return nanoseconds, as far as it is known; 0 if the worker is on this machine
     */
    default long tripNanos() {
        return 0;
    }

    /**
     * Why nothing is known of the end of the worker's process: its machine, or the connection to that, was lost. Call
     * after {@link #awaitEnd}.
     *
     * @return what has happened; null if the end of the process is known
     */
    default @Nullable String lost() {
        return null;
    }

    /**
     * Names the worker's process in messages.
     *
     * @return such as "process 4711"
     */
    String describe();

    /**
     * Describes the process's end; call after {@link #awaitEnd}.
     *
     * @param what what happened; the message begins with it
     * @return the exception, to be thrown
     */
    WorkerCrashedException crash(String what);

    /** Gives back what the connection holds. Call once, after the end of the process. */
    @Override
    void close();
}
