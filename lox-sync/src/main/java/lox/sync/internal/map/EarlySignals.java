package lox.sync.internal.map;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What a map's source signals inside of its own signal, while the function is called for an element that has no slot
 * yet. Used by the thread that the source signals in.
 */
final class EarlySignals<A> {
    private @Nullable Queue<A> elements; // made when there is one
    private boolean ended;
    private @Nullable Throwable failure;

    /** Keeps an element for later. Returns false, and refuses it, after the end. */
    boolean add(A element) {
        if (ended) {
            return false;
        }
        if (elements == null) {
            elements = new ArrayDeque<>();
        }
        elements.add(Objects.requireNonNull(element, "element"));
        return true;
    }

    /** Keeps the end for later; the first one counts. */
    void end(@Nullable Throwable reason) {
        if (!ended) {
            ended = true;
            failure = reason;
        }
    }

    /** Signals what has come. */
    void replay(Flow.Subscriber<? super A> map) {
        if (elements != null) {
            for (A next = elements.poll(); next != null; next = elements.poll()) {
                map.onNext(next);
            }
        }
        if (ended && failure != null) {
            map.onError(failure);
        } else if (ended) {
            map.onComplete();
        }
    }
}
