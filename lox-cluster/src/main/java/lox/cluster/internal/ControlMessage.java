package lox.cluster.internal;

import lox.sync.spi.host.LaunchOptions;

/**
 * What programs and members say to each other over the control connection. An {@code id} names a worker among those of
 * one program.
 *
 * <pre>
 *   program                      member
 *     | ------- Who --------------&gt; |
 *     | &lt;------ Offer ------------- |      also when it changes, and when somebody joins
 *     | ------- Open -------------&gt; |
 *     | &lt;------ Accepted ---------- |      or Refused, at once
 *     | &lt;------ Opened ------------ |      or Refused; then the data connection is made, with the ticket
 *     | &lt;------ WantedBack -------- |      the member is about to leave, or another program waits
 *     | ------- Kill -------------&gt; |
 *     | &lt;------ SlotFree ---------- |      to those who were refused for lack of slots
 * </pre>
 */
sealed interface ControlMessage {
    /** Asks a member what it offers. */
    record Who() implements ControlMessage {}

    /** What a member offers. */
    record Offer(String name, String host, int dataPort, int slots, Build build, boolean isDraining)
            implements ControlMessage {}

    /** Asks for a worker. The member tells of started tasks in the rhythm of {@code lookNanos}, if that is not 0. */
    record Open(int id, String pool, int number, long lookNanos, LaunchOptions launch) implements ControlMessage {}

    /** A slot is taken, and the worker is being started. */
    record Accepted(int id) implements ControlMessage {}

    /** The worker has started. The ticket opens the data connection, once. */
    @SuppressWarnings("ArrayRecordComponent") // messages are compared by nobody
    record Opened(int id, long pid, byte[] ticket) implements ControlMessage {}

    /** There will be no worker. */
    record Refused(int id, boolean isForLackOfSlots, WorkerEnding ending) implements ControlMessage {}

    /** Ends a worker, or its start, at once. */
    record Kill(int id) implements ControlMessage {}

    /** A worker should take no more tasks, and end soon. */
    record WantedBack(int id) implements ControlMessage {}

    /** There may be a free slot again. */
    record SlotFree() implements ControlMessage {}
}
