package lox.sync.internal.map;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.core.BatchSource;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.Submitter;
import org.jspecify.annotations.Nullable;

/**
 * Lets the elements of one key into the slots one after another: the next one when the task of the one before has
 * ended.
 *
 * <pre>
 *            offer                     offer: it waits
 *   ABSENT ---------&gt; ALONE -----------------------------&gt; FOLLOWED --+
 *     ^                | ^                                   |        | offer, ended
 *     +----------------+ +-----------------------------------+ &lt;------+
 *          ended                 ended: the last one starts
 * </pre>
 *
 * <p><b>Invariant.</b> A key is in the map exactly while one of its elements is in a slot, or on its way there; the
 * elements that wait for it are the value. So nothing is kept of a key that has none, and all keys together hold no
 * more than the elements in flight. A key's value changes only within {@link ConcurrentHashMap#compute}.
 *
 * <p>Its task may end before the thread that has put an element into a slot knows the index. Both then meet at the
 * index: see {@link MapSegment#placed}.
 *
 * @param <A> the type of the elements
 */
final class KeyedIntake<A extends @Nullable Object> {
    private static final Deque<?> NONE = new ArrayDeque<>(0); // never changed

    /**
     * A user's key, with the hash that it had when its element came. The elements of one key hand on the instance that
     * is in the map, which is found by its identity: so a key that is changed meanwhile is found all the same.
     */
    private static final class Key {
        private final Object key;
        private final int hash;

        private Key(Object key) {
            this.key = key;
            this.hash = key.hashCode();
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof Key that && hash == that.hash && key.equals(that.key));
        }
    }

    /** An element and its key, on the way into a slot. */
    final class Element implements BatchSource, MapSegment.Keyed {
        private final @Nullable Object content;
        private Key key; // once it is in a slot, the one in the map

        private Element(Key key, @Nullable Object content) {
            this.key = key;
            this.content = content;
        }

        @Override
        public BatchChain batches() {
            return buffer.batches();
        }

        @Override
        public boolean isCounted() {
            return buffer.isCounted();
        }

        @Override
        public void placed(Batch segment, int index) {
            buffer.placed(segment, index);
            if (((MapSegment) segment).placed(index, this)) {
                ended();
            }
        }

        @Override
        public void ended() {
            try {
                startNext(this);
            } catch (Throwable refused) { // closed, no memory, or the key's own equals: what waits would wait forever
                buffer.stop(refused);
            }
        }
    }

    private final Function<? super A, ?> keyOf;
    private final ElementBuffer<A, ?> buffer;
    private final Submitter submitter;
    private final ElementBuffer.Listener listener;
    private final ConcurrentHashMap<Key, Deque<Element>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong waitingCount = new AtomicLong();

    KeyedIntake(
            Function<? super A, ?> keyOf,
            ElementBuffer<A, ?> buffer,
            Submitter submitter,
            ElementBuffer.Listener listener) {
        this.keyOf = keyOf;
        this.buffer = buffer;
        this.submitter = submitter;
        this.listener = listener;
    }

    /** The number of elements taken in, whether they wait or not. */
    long accepted() {
        return accepted.get();
    }

    /** The number of elements that wait for another one of their key. */
    long waiting() {
        return waitingCount.get();
    }

    /** For tests: the number of keys that have elements in flight. */
    int keys() {
        return waiting.size();
    }

    /**
     * Takes in an element. Throws only if it was not taken in.
     *
     * @param content the element, or its envelope
     */
    void offer(A argument, @Nullable Object content) {
        Key key = new Key(Objects.requireNonNull(
                keyOf.apply(argument), "keyOf returned null for an element of a map; each element needs a key"));
        Element element = new Element(key, content);
        boolean alone = waiting.compute(key, (same, before) -> queued(element, before)) == NONE;
        accepted.incrementAndGet();
        if (!alone) {
            if (buffer.terminalCause() != null) { // whoever stopped the map may have cleared before
                clear();
            }
            return;
        }
        try {
            submitter.put(content, element);
        } catch (Throwable refused) {
            waiting.remove(key, NONE); // if others wait, the map is being stopped
            accepted.decrementAndGet();
            throw refused;
        }
    }

    private Deque<Element> queued(Element element, @Nullable Deque<Element> before) {
        if (before == null) {
            return none();
        }
        Deque<Element> queue = before == NONE ? new ArrayDeque<>() : before;
        queue.add(element);
        waitingCount.incrementAndGet();
        return queue;
    }

    @SuppressWarnings("unchecked") // it is empty, and stays so
    private Deque<Element> none() {
        return (Deque<Element>) NONE;
    }

    private void startNext(Element ended) {
        if (buffer.terminalCause() != null) {
            clear();
            return;
        }
        AtomicReference<@Nullable Element> next = new AtomicReference<>();
        waiting.computeIfPresent(ended.key, (same, queue) -> {
            next.setPlain(queue == NONE ? null : queue.poll());
            return next.getPlain() == null ? null : queue;
        });
        Element element = next.getPlain();
        if (element != null) {
            element.key = ended.key;
            waitingCount.decrementAndGet();
            submitter.put(element.content, element);
        }
    }

    /** Discards the elements that wait. Called when the map has been stopped, and again by whoever finds it so. */
    void clear() {
        List<Element> left = new ArrayList<>();
        for (Key key : waiting.keySet()) {
            waiting.computeIfPresent(key, (same, queue) -> {
                left.addAll(queue);
                return null;
            });
        }
        waitingCount.addAndGet(-left.size());
        left.forEach(element -> listener.discarded(Envelope.argumentIn(element.content)));
    }
}
