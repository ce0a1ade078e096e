package lox.sync.internal.process;

/**
 * The protocol between parent and worker: all messages and their order.
 *
 * <p><b>Handshake.</b> The parent listens on a Unix domain socket in a directory that only its owner may enter, starts
 * the worker and writes to its standard input: the path of the socket, the path of the {@linkplain CrashSafeBuffer
 * crash-safe buffer}, the marker of lines that have no end ({@link TaskOutput}; each as {@code DataOutput.writeUTF}
 * does) and {@value #TOKEN_BYTES} random bytes, the token; then an int and so many bytes, a value for the {@linkplain
 * ClassPreloader class preloader}. Then standard input ends. The worker connects and sends the token. A connection
 * without the token is dropped. Then both paths are deleted. The end of the connection tells the worker that the parent
 * is gone, see {@link ParentDeathWatch}.
 *
 * <p><b>Messages.</b> Each is one byte that names it, and then, big-endian, what the table says. A {@code value} is
 * what {@link ValueCodec} makes of an object.
 *
 * <pre>
 *   parent to worker
 *     SETUP     int number, value codec, value initializer; once, first
 *     FUNCTION  long id, value                  before the first run that needs it
 *     FORGET    long id                         the function will not be needed again before it is sent again
 *     RUN       long run, long function, int n, n times value
 *     RECALL    long run                        answered with RECALLED
 *     ANSWER    int question, int length (-1: there is none), bytes
 *     RUN_TIMED                                 the same as RUN; each result comes after a TOOK
 *     BYE                                       the worker exits as a program does, with its shutdown hooks
 *
 *   worker to parent
 *     READY     long bytes                      the initializer has run; how large its heap can become
 *     UNREADY   value                           what the initializer threw
 *     RESULT    value                           of the task that is next, in the order they were sent
 *     FAILURE   value                           the same, for one that threw
 *     TOOK      long nanoseconds                how long the task ran whose RESULT or FAILURE follows
 *     RECALLED  long run, int limit             the tasks from here on have not been started and never will be
 *     ASK       int question, value path        a class file or other resource that the worker does not have
 * </pre>
 *
 * <p><b>Order.</b> The worker runs one task at a time, in the order they were sent, run after run. Results come in the
 * same order, so they need no name. It may keep results back for a millisecond while more tasks are there; what it
 * keeps lies in the crash-safe buffer, where the parent finds it if the worker dies.
 *
 * <p><b>Recall.</b> RECALL and the start of a task exclude each other in the worker, so every task is either started,
 * and its result comes, or recalled, and never started there. RECALLED lies in the crash-safe buffer before a task of a
 * later run starts.
 */
final class Protocol {
    static final int TOKEN_BYTES = 32;

    static final byte SETUP = 1;
    static final byte FUNCTION = 2;
    static final byte FORGET = 3;
    static final byte RUN = 4;
    static final byte RECALL = 5;
    static final byte ANSWER = 6;
    static final byte BYE = 7;
    static final byte RUN_TIMED = 8;

    static final byte READY = 21;
    static final byte UNREADY = 22;
    static final byte RESULT = 23;
    static final byte FAILURE = 24;
    static final byte RECALLED = 25;
    static final byte ASK = 26;
    static final byte TOOK = 27;

    private Protocol() {}
}
