package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
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
 * Both ends only move forward, by compare-and-set, the front never beyond the open one, and whoever finds one that lags moves it
 * on. A batch in which nothing is left to claim is let go: its results belong to whoever gathered them.
 *
 * <p>A link that has been let go points to itself, as those of {@link java.util.concurrent.ConcurrentLinkedQueue} do. If it pointed
 * to the next one still, a single link that a collection has moved to the old generation would keep all that come after it from
 * being collected young, with all their slots, until the old generation is collected. Whoever stands on it goes on from the front.
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
    private @Nullable Cursor cursor; // there from the beginning, or never

    /** Makes a chain of batches that are made so, each from the one before it. */
    BatchChain(Function<@Nullable Batch, Batch> batches) {
        this.batches = batches;
        this.open = new Link(batches.apply(null), 0);
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
                Link made = new Link(batches.apply(sealed), link.number + 1);
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
            if (open == link) {
                OPEN.compareAndSet(this, link, next);
            }
            if (FRONT.compareAndSet(this, link, next)) {
                letGo(link);
            }
        }
    }

    /** To be called by whoever has just moved past a link: the last one lets go of it. */
    private void letGo(Link passed) {
        Cursor follower = cursor;
        if (passed.number < front.number && (follower == null || passed.number < follower.at.number)) {
            passed.next = passed;
        }
    }

    /** Whether a lane would find something to claim. */
    boolean hasUnclaimed() {
        return front().hasUnclaimed();
    }

    /** From the front to the open one. */
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
     * Follows the chain on its own, behind the front: what it has not passed is kept. One thread moves it; any may ask. A chain has
     * one at most, made before anybody else knows of the chain.
     */
    final class Cursor implements Iterable<Batch> {
        private volatile Link at = front;

        Cursor() {
            cursor = this;
        }

        Batch batch() {
            return at.batch;
        }

        /** Goes to the next batch. False if there is none yet. */
        boolean moveOn() {
            Link passed = at;
            Link next = passed.next;
            if (next == null) {
                return false;
            }
            at = next;
            front(); // without workers nobody else moves it
            letGo(passed);
            return true;
        }

        /** From here to the open one. */
        @Override
        public Iterator<Batch> iterator() {
            return from(() -> at);
        }
    }
}
