package lox.sync.internal.result;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A result that arrives once and is kept: any number of observers, before or after, receive the same one. The engine's
 * common base for {@code CompletionStage}, {@code Mono} and {@code Single}.
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
 * The whole state is one field changed by compare-and-set. So it is never in doubt whether the last observer left
 * before or after the end, or before or after a new one came. Observers are called on the thread that ends the
 * completion, earlier ones in the order of their registration, outside any lock.
 *
 * @param <V> the type of the result
 */
public class Completion<V extends @Nullable Object> {
    /**
     * Receives the result: exactly one of the two calls, unless the observer leaves before. Must not block for long;
     * anything thrown goes to {@link Dialect#dropped}.
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

        /**
         * Whether this observer had left at the moment it was given the result, and ignored it. Asked after a failure.
         *
         * @return false by default
         */
        default boolean hasLeft() {
            return false;
        }

        /**
         * Returns the consumer of results that no observer will receive, of a gather that has failed or was cancelled.
         * At most one observer of a gather is asked with effect: the first one present at the failure; if there was
         * none, the first that came later; after a cancel, the one that left last. The consumer is kept as long as
         * results may come, so it must not refer to the observer, which has left by then.
         *
         * @return called with each result of a single task, not null, by any thread, one at a time, before or after the
         *     failure is delivered; must not block for long. The default ignores them
         */
        default Consumer<Object> discarding() {
            return result -> {};
        }
    }

    private record Ended(
            @Nullable Object value,
            @Nullable Throwable failure,
            @Nullable UnseenFailure unseen) {}

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

    private volatile boolean known; // the failure is known without an observer

    public Completion(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Registers an observer, or calls it at once if the result has arrived.
     *
     * @param observer receives the result; compared by identity, one registration each
     */
    public final void observe(Observer<? super V> observer) {
        for (; ; ) {
            Object now = state;
            if (now instanceof Ended ended) {
                try {
                    deliver(observer, ended);
                    if (ended.unseen != null && !observer.hasLeft()) {
                        ended.unseen.seen();
                    }
                } finally {
                    Reference.reachabilityFence(this);
                }
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
     * Removes an observer. If it was the last one of a gather in progress, the gather is cancelled. Does nothing if the
     * result has been delivered or the observer is unknown.
     *
     * @param observer the one given to {@link #observe}
     * @throws StackOverflowError if the stack is nearly used up; then the observer is still registered
     */
    public final void leave(Observer<? super V> observer) {
        if (isAbandonable() && !isEnded()) {
            StackProbe.checkInner();
        }
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
                    ? new Ended(
                            null, new CancellationException("the last subscriber of this gather cancelled it"), null)
                    : without(observers, at);
            if (STATE.compareAndSet(this, now, next)) {
                if (abandon) {
                    abandoned(observer);
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
     * Whether the result, possibly a failure, has arrived.
     *
     * @return true once it has
     */
    public final boolean isEnded() {
        return state instanceof Ended;
    }

    /**
     * The failure that this completion has ended with.
     *
     * @return null if it has not ended, or has a value
     */
    public final @Nullable Throwable failure() {
        return state instanceof Ended ended ? ended.failure() : null;
    }

    /** The observers that wait for the end; none once it has ended. */
    public final Observer<?>[] observers() {
        Object now = state;
        return now instanceof Observer<?>[] observers ? observers : NOBODY;
    }

    /** Whether this completion ends when the last observer leaves. */
    protected boolean isAbandonable() {
        return false;
    }

    /** Called once, after the last observer, which is the given one, has left. */
    protected void abandoned(Observer<?> last) {}

    /** Called before an observer is given the end. */
    protected void ending(Observer<?> observer) {}

    /** Ends this completion with a value. False if it had ended before. */
    protected final boolean succeed(V value) {
        return end(value, null);
    }

    /**
     * Ends this completion with a failure. False if it had ended before: then the caller must still report the failure.
     * If there is no observer, and none comes, it is reported as an {@linkplain UnseenFailure unseen failure}, unless
     * it is a cancel.
     */
    protected final boolean fail(Throwable failure) {
        return end(null, failure);
    }

    /** Declares that a failure is known without an observer, or needs no observer. */
    public final void failureIsKnown() {
        known = true;
        if (state instanceof Ended ended && ended.unseen != null) {
            ended.unseen.seen();
        }
    }

    private boolean end(@Nullable Object value, @Nullable Throwable failure) {
        Object before = state;
        while (!(before instanceof Ended)) {
            Observer<?>[] observers = (Observer<?>[]) before;
            UnseenFailure unseen =
                    failure == null || observers.length > 0 || failure instanceof CancellationException || known
                            ? null
                            : new UnseenFailure(failure, dialect);
            Ended ended = new Ended(value, failure, unseen);
            if (STATE.compareAndSet(this, before, ended)) {
                for (Observer<?> observer : observers) {
                    deliver(observer, ended);
                }
                if (unseen == null && isUnseen(ended, observers)) {
                    unseen = new UnseenFailure(Objects.requireNonNull(failure), dialect);
                    state = new Ended(null, failure, unseen);
                }
                if (unseen != null) {
                    watch(unseen);
                }
                return true;
            }
            before = state;
        }
        return false;
    }

    /** Whether the failure was given only to observers that had just left. */
    private boolean isUnseen(Ended ended, Observer<?>[] observers) {
        if (ended.failure == null || observers.length == 0 || ended.failure instanceof CancellationException || known) {
            return false;
        }
        for (Observer<?> observer : observers) {
            if (!observer.hasLeft()) {
                return false;
            }
        }
        return true;
    }

    private void watch(UnseenFailure unseen) {
        try {
            unseen.watch(this);
        } catch (Throwable noMemory) { // or no thread: an observer may still come, so the failure is not reported
            dialect.drop(noMemory);
        }
        if (known) { // set in the meantime
            unseen.seen();
        }
    }

    private <O extends @Nullable Object> void deliver(Observer<O> observer, Ended ended) {
        try {
            ending(observer);
            if (ended.failure != null) {
                observer.failed(ended.failure);
            } else {
                observer.succeeded(Unchecked.cast(ended.value));
            }
        } catch (Throwable thrown) {
            dialect.drop(thrown);
        }
    }
}
