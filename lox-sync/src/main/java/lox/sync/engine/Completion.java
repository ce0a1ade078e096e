package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A result that arrives once and is kept: any number of observers, before or after, receive the same. The engine's common
 * ground for {@code CompletionStage}, {@code Mono} and {@code Single}.
 *
 * <pre>
 *                         succeed, fail
 *   observers [o1, o2 …] ---------------&gt; Ended(value or failure)
 *     |            ^
 *     +------------+  observe, leave
 *     |
 *     +--- the last one leaves, if it is abandonable ---&gt; Ended(CancellationException), then abandoned()
 * </pre>
 *
 * All of it is one field changed by compare-and-set, so that whether the last observer left before or after the end, or before
 * or after a new one came, is never in doubt. Observers are called on the thread that ends the completion, those who came before in the order they
 * came, outside any lock.
 *
 * @param <V> the type of the result
 */
public class Completion<V extends @Nullable Object> {
    /**
     * Receives the result: exactly one of the two calls, unless it leaves before. Must not block for long; what it throws goes
     * to {@link Dialect#dropped}.
     *
     * @param <V> the type of the result
     */
    public interface Observer<V extends @Nullable Object> {
        /**
         * Receives the value.
         *
         * @param value the value
         */
        void succeeded(V value);

        /**
         * Receives the failure.
         *
         * @param failure the failure
         */
        void failed(Throwable failure);
    }

    private record Ended(@Nullable Object value, @Nullable Throwable failure) {}

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Completion.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Observer<?>[] NOBODY = {};

    private final Dialect dialect;

    @SuppressWarnings("FieldMayBeFinal") // changed through STATE: Ended or Observer[]
    private volatile Object state = NOBODY;

    Completion(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Registers an observer, or calls it at once if the result is there.
     *
     * @param observer receives the result; compared by identity, one registration each
     */
    public final void observe(Observer<? super V> observer) {
        for (; ; ) {
            Object now = state;
            if (now instanceof Ended ended) {
                deliver(observer, ended);
                return;
            }
            Observer<?>[] observers = (Observer<?>[]) now;
            Observer<?>[] more = Arrays.copyOf(observers, observers.length + 1);
            more[observers.length] = observer;
            if (STATE.compareAndSet(this, now, more)) {
                return;
            }
        }
    }

    /**
     * Takes an observer back. If it was the last one of a gather that is still under way, the gather is cancelled. Does
     * nothing if the result has been delivered or the observer is unknown.
     *
     * @param observer what was given to {@link #observe}
     */
    public final void leave(Observer<? super V> observer) {
        for (; ; ) {
            Object now = state;
            if (now instanceof Ended) {
                return;
            }
            Observer<?>[] observers = (Observer<?>[]) now;
            int at = indexOf(observers, observer);
            if (at < 0) {
                return;
            }
            boolean abandon = observers.length == 1 && isAbandonable();
            Object next = abandon
                    ? new Ended(null, new CancellationException("the last subscriber of this gather cancelled it"))
                    : without(observers, at);
            if (STATE.compareAndSet(this, now, next)) {
                if (abandon) {
                    abandoned();
                }
                return;
            }
        }
    }

    private static int indexOf(Observer<?>[] observers, Observer<?> observer) {
        for (int i = 0; i < observers.length; i++) {
            if (observers[i] == observer) {
                return i;
            }
        }
        return -1;
    }

    private static Observer<?>[] without(Observer<?>[] observers, int at) {
        if (observers.length == 1) {
            return NOBODY;
        }
        Observer<?>[] fewer = Arrays.copyOf(observers, observers.length - 1);
        System.arraycopy(observers, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    /**
     * Tells whether the result is there, a failure included.
     *
     * @return true once it is
     */
    public final boolean isEnded() {
        return state instanceof Ended;
    }

    /** Those who wait for the end; none once it is there. */
    final Observer<?>[] observers() {
        Object now = state;
        return now instanceof Observer<?>[] observers ? observers : NOBODY;
    }

    /** Whether the last observer's leaving ends it. */
    boolean isAbandonable() {
        return false;
    }

    /** Called once, after the last observer has left. */
    void abandoned() {}

    /** Ends it with a value. False if it had ended before. */
    final boolean succeed(V value) {
        return end(new Ended(value, null));
    }

    /** Ends it with a failure. False if it had ended before: then the failure is still the caller's to report. */
    final boolean fail(Throwable failure) {
        return end(new Ended(null, failure));
    }

    private boolean end(Ended ended) {
        Object before = state;
        while (!(before instanceof Ended)) {
            if (STATE.compareAndSet(this, before, ended)) {
                for (Observer<?> observer : (Observer<?>[]) before) {
                    deliver(observer, ended);
                }
                return true;
            }
            before = state;
        }
        return false;
    }

    private <O extends @Nullable Object> void deliver(Observer<O> observer, Ended ended) {
        try {
            if (ended.failure != null) {
                observer.failed(ended.failure);
            } else {
                observer.succeeded(Slots.typed(ended.value));
            }
        } catch (Throwable thrown) {
            dialect.drop(thrown);
        }
    }
}
