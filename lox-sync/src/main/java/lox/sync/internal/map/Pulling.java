package lox.sync.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import lox.sync.internal.core.CooperativeWait;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.result.StackProbe;
import lox.sync.internal.time.WaitingThread;
import org.jspecify.annotations.Nullable;

/**
 * A bounded, parallel map whose results are pulled by a thread that waits for them: the map of plain Java's
 * streams.
 *
 * <p>The source is asked only on the pulling thread. Each pull first asks for at least one element if there is room,
 * and for more until {@code ahead} are in flight or a result is ready. So workers have something to do while the puller
 * is busy, and a slow source delays a ready result by at most one element.
 *
 * <p>Any thread may close it. Failures that were put aside and can no longer be thrown are dropped by the thread that
 * holds the turn:
 *
 * <pre>
 *            pull                close
 *   IDLE -----------&gt; PULLING -----------&gt; CLOSING
 *    | ^                 |                    |
 *    | +-----------------+                    | back: the puller lets go
 *    |         back                           v
 *    +-------------------------------------&gt; CLOSED
 *         close: the closer lets go
 * </pre>
 *
 * @param <A> the type of the source's elements
 * @param <V> the type of the items that leave
 */
public final class Pulling<A extends @Nullable Object, V> {
    private static final int LOOKS = 500;

    /** Wakes the thread that waits for a result. The result's slot is stored first. */
    private final class Waker implements ElementBuffer.Listener {
        @Override
        public void settled() {
            waiting.wake();
        }

        @Override
        public void stopped() {
            waiting.wake();
        }

        @Override
        public void discarded(@Nullable Object value) {}

        @Override
        public void dropped(Throwable failure) {
            dispatcher.dialect().drop(failure);
        }
    }

    private static final int IDLE = 0;
    private static final int PULLING = 1;
    private static final int CLOSING = 2;
    private static final int CLOSED = 3;
    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(Pulling.class, "turn", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Creates a map that runs elements in parallel.
     *
     * @param dispatcher runs the function
     * @param source asked on the pulling thread
     * @param options how elements are treated
     * @param <A> the type of the source's elements
     * @param <R> the type of the results
     * @param <V> the type of the items that leave
     * @return the map, to be pulled from
     */
    public static <A extends @Nullable Object, R extends @Nullable Object, V> Pulling<A, V> of(
            Dispatcher<A, R> dispatcher, Spliterator<? extends A> source, MapOptions<A, R, V> options) {
        return new Pulling<>(dispatcher, source, options);
    }

    private final Dispatcher<A, ?> dispatcher;
    private final Spliterator<? extends A> source;
    private final int ahead;
    private final WaitingThread waiting = new WaitingThread();
    private final ElementBuffer<A, V> buffer;
    private final ResultTaker<V> results;
    private final Consumer<A> taker;
    private boolean sourceEnded;
    private @Nullable Throwable sourceFailure;
    private boolean over; // the puller has been told of the end
    private boolean letGo;
    private volatile int turn;

    private <R extends @Nullable Object> Pulling(
            Dispatcher<A, R> dispatcher, Spliterator<? extends A> source, MapOptions<A, R, V> options) {
        this.dispatcher = dispatcher;
        this.source = source;
        this.ahead = options.ahead();
        this.buffer = new ElementBuffer<>(dispatcher, options, null, new Waker());
        this.results = buffer.taker();
        this.taker = element -> buffer.offer(element, dispatcher.dialect().capture());
    }

    /** For tests. */
    ElementBuffer<A, V> buffer() {
        return buffer;
    }

    /**
     * An estimate of the elements left.
     *
     * @return as a {@link Spliterator} reports it
     */
    public long estimateSize() {
        long left = source.estimateSize();
        long underWay = buffer.inFlight();
        return left > Long.MAX_VALUE - underWay ? Long.MAX_VALUE : left + underWay;
    }

    /**
     * Waits for the next result. Called by one thread at a time.
     *
     * @param action receives the result
     * @return false if there is none left, now and in future
     * @throws CancellationException if the map has been {@linkplain #close closed}, by any thread; or if the calling
     *     thread is interrupted, which stops the map and leaves the thread interrupted
     * @throws Throwable the failure of a task, or of the source after the results before it, unwrapped
     */
    public boolean advance(Consumer<? super V> action) throws Throwable {
        V result = over ? null : pull();
        if (result == null) {
            return false;
        }
        action.accept(result);
        return true;
    }

    private @Nullable V pull() throws Throwable {
        if (!TURN.compareAndSet(this, IDLE, PULLING)) {
            throw closed();
        }
        try {
            return next();
        } finally {
            if (!TURN.compareAndSet(this, PULLING, IDLE)) {
                turn = CLOSED;
                letGo(null);
            }
        }
    }

    private @Nullable V next() throws Throwable {
        for (; ; ) {
            ask();
            V result = letGo ? null : results.poll();
            if (result != null) {
                return result;
            }
            Throwable terminalCause = buffer.terminalCause();
            if (terminalCause != null) {
                over = true;
                letGo(terminalCause);
                throw terminalCause;
            }
            if (sourceEnded) {
                if (buffer.isPassed()) {
                    over = true;
                    letGo = true; // nothing is left
                    buffer.sweep();
                    failAtEnd();
                    return null;
                }
            } else if (hasRoom()) {
                continue; // a delayed failure, which is thrown at the end, made room
            }
            await();
        }
    }

    private boolean hasRoom() {
        return buffer.inFlight() < ahead;
    }

    private void ask() {
        while (!sourceEnded && buffer.terminalCause() == null && hasRoom()) {
            try {
                sourceEnded = !source.tryAdvance(taker);
            } catch (Throwable thrown) { // thrown after the results before it
                sourceEnded = true;
                sourceFailure = thrown;
                buffer.stopIfBroken();
            }
            if (results.isReady()) {
                break;
            }
        }
    }

    private void await() {
        CooperativeWait help = dispatcher.help(results.segment());
        try {
            for (int look = 0;
                    look < LOOKS && !hasNews();
                    look++) { // short tasks finish before a thread could go to sleep
                Thread.onSpinWait();
            }
            waiting.await(this::hasNews, help == null ? null : help::work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while waiting for a map by \""
                    + dispatcher.pool().name() + "\"");
            cancelled.initCause(e);
            buffer.stop(cancelled);
            over = true;
            letGo(cancelled);
            throw cancelled;
        }
    }

    private boolean hasNews() {
        return buffer.terminalCause() != null || results.isReady();
    }

    /** Reports, after the map was stopped, the failures that can no longer be thrown, so that none is silent. */
    private void letGo(@Nullable Throwable thrown) {
        if (!letGo) {
            letGo = true;
            buffer.sweep();
            List<Throwable> lost = results.takeFailures();
            if (sourceFailure != null && sourceFailure != thrown) {
                lost.add(sourceFailure);
            }
            Throwable terminalCause = buffer.terminalCause();
            if (terminalCause != null && terminalCause != thrown && !(terminalCause instanceof CancellationException)) {
                lost.add(terminalCause);
            }
            lost.forEach(dispatcher.dialect()::drop);
        }
    }

    private void failAtEnd() throws Throwable {
        List<Throwable> failures = results.takeFailures();
        if (sourceFailure != null) {
            failures.add(sourceFailure);
        }
        if (!failures.isEmpty()) {
            throw failures.size() == 1
                    ? failures.get(0)
                    : dispatcher.dialect().combine(failures, (int) Math.min(buffer.offered(), Integer.MAX_VALUE));
        }
    }

    private static CancellationException closed() {
        return new CancellationException("this map has been closed");
    }

    /** Stops the map: tasks not started are dropped, running tasks are interrupted. Does nothing after the end. */
    public void close() {
        StackProbe.check();
        buffer.stop(closed());
        for (; ; ) {
            if (TURN.compareAndSet(this, IDLE, CLOSED)) {
                letGo(null);
                return;
            }
            if (TURN.compareAndSet(this, PULLING, CLOSING) || turn != IDLE) {
                return;
            }
        }
    }
}
