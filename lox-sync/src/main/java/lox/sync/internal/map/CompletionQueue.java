package lox.sync.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a map that have ended, in that order. Any thread may add; one thread at a time may poll. Neither waits.
 *
 * <pre>
 *   head (polled before) --next--&gt; entry --next--&gt; … --next--&gt; tail
 * </pre>
 *
 * <p>It is Dmitry Vyukov's intrusive queue of many producers and one consumer: a producer swaps itself in at the tail
 * and then links its predecessor to itself. Between these two steps the entries from its own on are not seen; so who
 * adds an entry tells the consumer <em>afterwards</em> to poll.
 */
final class CompletionQueue {
    private static final VarHandle TAIL;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(CompletionQueue.class, "tail", Entry.class);
            NEXT = lookup.findVarHandle(Entry.class, "next", Entry.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A task that has ended. */
    static final class Entry {
        final @Nullable MapSegment segment; // null in the first head
        final int index;

        @SuppressWarnings("unused") // through NEXT
        private @Nullable Entry next;

        private Entry(@Nullable MapSegment segment, int index) {
            this.segment = segment;
            this.index = index;
        }
    }

    private Entry head = new Entry(null, 0); // the consumer's own

    @SuppressWarnings("unused") // through TAIL
    private volatile Entry tail = head;

    void add(MapSegment segment, int index) {
        Entry added = new Entry(segment, index);
        Entry before = (Entry) TAIL.getAndSet(this, added);
        NEXT.setRelease(before, added);
    }

    /** The next task, or null if none has ended since. */
    @Nullable
    Entry poll() {
        Entry passed = head;
        Entry first = (Entry) NEXT.getAcquire(passed);
        if (first != null) {
            head = first;
            NEXT.setOpaque(passed, passed); // an old entry keeps no later ones from being collected
        }
        return first;
    }
}
