package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one Scatter, oldest first. Producers fill the open batch; lanes claim from the front.
 *
 * <pre>
 *   front                          open
 *     |                              |
 *     v                              v
 *   Batch (sealed) --next--&gt; … --&gt; Batch (open)
 *     ^                              ^
 *     lanes claim                    producers fill
 * </pre>
 *
 * The front and the open batch only move forward, by compare-and-set, and the front never passes the open batch. A
 * thread that finds either of them lagging advances it. The chain releases a batch in which nothing is left to claim:
 * its results belong to its gatherer.
 *
 * <p>A released link points to itself, as in {@link java.util.concurrent.ConcurrentLinkedQueue}. If it still pointed to
 * the next link, a single link in the old generation would keep all later links, with all their slots, from being
 * collected until the old generation is collected. An iterator at a released link restarts at the front, or at its
 * cursor.
 */
public final class BatchChain implements Iterable<Batch> {
    private static final int INDEX_BITS = 31;
    private static final VarHandle OPEN;
    private static final VarHandle FRONT;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OPEN = lookup.findVarHandle(BatchChain.class, "open", Link.class);
            FRONT = lookup.findVarHandle(BatchChain.class, "front", Link.class);
            NEXT = lookup.findVarHandle(Link.class, "next", Link.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A batch and its successor. The batch itself does not refer to its successor, so a thread blocked in a batch does
     * not keep later batches reachable.
     */
    private static final class Link {
        final Batch batch;
        final long number;
        volatile @Nullable Link next;

        Link(Batch batch, long number) {
            this.batch = batch;
            this.number = number;
        }
    }

    private final Function<@Nullable Batch, Batch> batches;
    private volatile Link open;
    private volatile Link front;
    private @Nullable Cursor cursor; // set before the chain is shared, or never

    /** Makes a chain whose batches the function makes, each from the batch before it; the first one from null. */
    public BatchChain(Function<@Nullable Batch, Batch> batches) {
        this.batches = batches;
        this.open = new Link(batches.apply(null), 0);
        this.front = open;
    }

    /** The batch that accepts scatters, unless it has just been sealed. */
    public Batch open() {
        return open.batch;
    }

    /** Opens the batch that follows a sealed one. */
    public void moveOn(Batch sealed) {
        Link link = open;
        if (link.batch == sealed) {
            Link next = link.next;
            if (next == null) {
                Link made = new Link(batches.apply(sealed), link.number + 1);
                Link witness = (Link) NEXT.compareAndExchange(link, (Link) null, made);
                next = witness != null ? witness : made;
            }
            OPEN.compareAndSet(this, link, next);
        }
    }

    /** The oldest batch that may have something to claim. */
    Batch front() {
        return frontLink().batch;
    }

    private Link frontLink() {
        for (; ; ) {
            Link link = front;
            Link next = link.batch.isOver() ? link.next : null;
            if (next == null) {
                return link;
            }
            if (open == link) {
                OPEN.compareAndSet(this, link, next);
            }
            if (FRONT.compareAndSet(this, link, next)) {
                letGo(link);
            }
        }
    }

    /**
     * Releases a link that both the front and the cursor have passed. Called by the thread that has just moved one of
     * them.
     */
    private void letGo(Link passed) {
        Cursor follower = cursor;
        if (passed.number < front.number && (follower == null || passed.number < follower.at.number)) {
            passed.next = passed;
        }
    }

    // ---- positions: the number of a batch and an index in it, in one word that only grows ---------------------------

    /** The position after all slots that have been reserved, at least by the calling thread. */
    long position() {
        Link link = open;
        return link.number << INDEX_BITS | link.batch.upperBound();
    }

    /** Whether all slots before a position have been claimed, or never will be. */
    boolean hasPassed(long position) {
        Link link = frontLink();
        Batch batch = link.batch;
        return batch.isEnded()
                ? link.number >= position >>> INDEX_BITS
                : (link.number << INDEX_BITS) + batch.counters().head() >= position;
    }

    /**
     * How many of {@code count} slots, from {@code first} on, lie before a position if the batch is the front;
     * otherwise {@code count}.
     */
    int before(long position, Batch batch, int first, int count) {
        Link link = front;
        if (link.batch != batch) {
            return count;
        }
        long left = position - ((link.number << INDEX_BITS) + first);
        return (int) Math.max(0, Math.min(count, left));
    }

    /** Whether a lane would find something to claim. */
    boolean hasUnclaimed() {
        return front().hasUnclaimed();
    }

    /** Iterates from the front to the open batch. */
    @Override
    public Iterator<Batch> iterator() {
        return from(() -> front);
    }

    private static Iterator<Batch> from(Supplier<Link> start) {
        return new Iterator<>() {
            private @Nullable Link at = start.get();

            @Override
            public boolean hasNext() {
                return at != null;
            }

            @Override
            public Batch next() {
                Link link = at;
                if (link == null) {
                    throw new NoSuchElementException();
                }
                Link next = link.next;
                at = next == link ? start.get() : next;
                return link.batch;
            }
        };
    }

    /**
     * A second position in the chain, which trails the front; batches that it has not passed are kept. One thread moves
     * it; any thread may read it. A chain has at most one cursor, created before the chain is shared.
     */
    public final class Cursor implements Iterable<Batch> {
        private volatile Link at = front;

        public Cursor() {
            cursor = this;
        }

        public Batch batch() {
            return at.batch;
        }

        /** Moves to the next batch. Returns false if there is none yet. */
        public boolean moveOn() {
            Link passed = at;
            Link next = passed.next;
            if (next == null) {
                return false;
            }
            at = next;
            front(); // without workers no other thread moves it
            letGo(passed);
            return true;
        }

        /** Iterates from this cursor to the open batch. */
        @Override
        public Iterator<Batch> iterator() {
            return from(() -> at);
        }
    }
}
