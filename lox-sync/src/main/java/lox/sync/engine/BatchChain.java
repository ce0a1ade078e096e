package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one Scatter, oldest first.
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
 * Both ends only move forward, by compare-and-set, and whoever finds one that lags moves it on. A batch in which nothing is left
 * to claim is let go: its results belong to whoever gathered them.
 */
final class BatchChain implements Iterable<Batch> {
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

    /** Knows what comes after a batch. The batch does not, or whoever is stuck in one would keep all that come later. */
    private static final class Link {
        final Batch batch;
        volatile @Nullable Link next;

        Link(Batch batch) {
            this.batch = batch;
        }
    }

    private final Function<@Nullable Batch, Batch> batches;
    private volatile Link open;
    private volatile Link front;

    /** Makes a chain of batches that are made so, each from the one before it. */
    BatchChain(Function<@Nullable Batch, Batch> batches) {
        this.batches = batches;
        this.open = new Link(batches.apply(null));
        this.front = open;
    }

    /** The batch that takes scatters, unless it has just been sealed. */
    Batch open() {
        return open.batch;
    }

    /** Makes way for the batch after one that is sealed. */
    void moveOn(Batch sealed) {
        Link link = open;
        if (link.batch == sealed) {
            Link next = link.next;
            if (next == null) {
                Link made = new Link(batches.apply(sealed));
                Link witness = (Link) NEXT.compareAndExchange(link, (Link) null, made);
                next = witness != null ? witness : made;
            }
            OPEN.compareAndSet(this, link, next);
        }
    }

    /** The oldest batch in which there may be something to claim. */
    Batch front() {
        for (; ; ) {
            Link link = front;
            Link next = link.batch.isOver() ? link.next : null;
            if (next == null) {
                return link.batch;
            }
            FRONT.compareAndSet(this, link, next);
        }
    }

    /** Whether a lane would find something to claim. */
    boolean hasUnclaimed() {
        return front().hasUnclaimed();
    }

    /** From the front to the open one. */
    @Override
    public Iterator<Batch> iterator() {
        return from(front);
    }

    private static Iterator<Batch> from(Link first) {
        return new Iterator<>() {
            private @Nullable Link at = first;

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
                at = link.next;
                return link.batch;
            }
        };
    }

    /** Follows the chain on its own, from where the front is now. One thread moves it; any may ask. */
    final class Cursor implements Iterable<Batch> {
        private volatile Link at = front;

        Batch batch() {
            return at.batch;
        }

        /** Goes to the next batch. False if there is none yet. */
        boolean moveOn() {
            Link next = at.next;
            if (next == null) {
                return false;
            }
            at = next;
            return true;
        }

        /** From here to the open one. */
        @Override
        public Iterator<Batch> iterator() {
            return from(at);
        }
    }
}
