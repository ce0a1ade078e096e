package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ordered, bounded, parallel map whose results are pulled, by a thread that waits for them: the map of plain Java's streams.
 *
 * <p>The source is asked in the thread that pulls, and nowhere else. Each pull first asks it for one element at least if there is room, and
 * for more until {@code ahead} are under way or a result is ready; so workers have something to do while the puller is busy,
 * and a slow source does not hold back what is ready for longer than one element takes.
 *
 * <p>It can be closed by any thread. What has been put aside, and can no longer be thrown, is dropped by whoever has the turn:
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
 * @param <R> the type of the results
 */
public final class Pulling<A extends @Nullable Object, R> {
    private static final int LOOKS = 500;

    /** Wakes whoever waits for a result. */
    private final class Waiter implements Passage.Listener, ForkJoinPool.ManagedBlocker {
        private volatile @Nullable Thread waiting;

        @Override
        public void settled() {
            VarHandle.fullFence(); // the slot was stored before; who waits shows himself, then looks at the slot
            Thread thread = waiting;
            if (thread != null) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void stopped() {
            settled();
        }

        @Override
        public void discarded(@Nullable Object value) {}

        @Override
        public void dropped(Throwable failure) {
            dispatcher.dialect().drop(failure);
        }

        @Override
        public boolean isReleasable() {
            return passage.verdict() != null || passage.isReady();
        }

        @Override
        public boolean block() throws InterruptedException {
            Helping help = Helping.meanwhile(dispatcher, passage.leg());
            for (int look = 0; look < LOOKS; look++) { // short tasks are done before a thread could go to sleep
                if (isReleasable()) {
                    return true;
                }
                Thread.onSpinWait();
            }
            waiting = Thread.currentThread();
            VarHandle.fullFence();
            try {
                while (!isReleasable()) {
                    if (help == null) {
                        LockSupport.park(Pulling.this);
                    } else {
                        LockSupport.parkNanos(Pulling.this, help.work());
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                return true;
            } finally {
                waiting = null;
            }
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

    private final Dispatcher<A, R> dispatcher;
    private final Spliterator<? extends A> source;
    private final int ahead;
    private final Waiter waiter = new Waiter();
    private final Passage<A, R> passage;
    private boolean sourceEnded;
    private @Nullable Throwable sourceFailure;
    private boolean over; // whoever pulls has been told of the end
    private boolean letGo;
    private volatile int turn;

    Pulling(Dispatcher<A, R> dispatcher, Spliterator<? extends A> source, int ahead, boolean delayError) {
        this.dispatcher = dispatcher;
        this.source = source;
        this.ahead = Dispatcher.checkAhead(ahead);
        this.passage =
                new Passage<>(dispatcher, delayError, dispatcher.dialect().capture(), waiter);
    }

    /** For tests. */
    Passage<A, R> passage() {
        return passage;
    }

    /**
     * How many elements the source has left, roughly.
     *
     * @return as a {@link Spliterator} says it
     */
    public long estimateSize() {
        long left = source.estimateSize();
        long underWay = passage.offered() - passage.taken();
        return left > Long.MAX_VALUE - underWay ? Long.MAX_VALUE : left + underWay;
    }

    /**
     * Waits for the next result. For one thread at a time.
     *
     * @param action gets the result
     * @return false if there is none left, now and for ever
     * @throws CancellationException if it has been {@linkplain #close closed}, also by another thread; or if the thread is interrupted, and stays so, which stops
     *     the map
     * @throws Throwable the failure of a task, or of the source after the results before it, as it is
     */
    public boolean advance(Consumer<? super R> action) throws Throwable {
        R result = over ? null : pull();
        if (result == null) {
            return false;
        }
        action.accept(result);
        return true;
    }

    private @Nullable R pull() throws Throwable {
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

    private @Nullable R next() throws Throwable {
        for (; ; ) {
            ask();
            R result = letGo ? null : passage.poll();
            if (result != null) {
                return result;
            }
            Throwable verdict = passage.verdict();
            if (verdict != null) {
                over = true;
                letGo(verdict);
                throw verdict;
            }
            if (sourceEnded) {
                if (passage.isPassed()) {
                    over = true;
                    letGo = true; // nothing is left
                    passage.sweep();
                    failAtEnd();
                    return null;
                }
            } else if (hasRoom()) {
                continue; // a failure made room, whose turn is at the end
            }
            await();
        }
    }

    private boolean hasRoom() {
        return passage.offered() - passage.taken() < ahead;
    }

    private void ask() {
        while (!sourceEnded && passage.verdict() == null && hasRoom()) {
            try {
                sourceEnded = !source.tryAdvance(passage::offer);
            } catch (Throwable thrown) { // its turn is after the results before it
                sourceEnded = true;
                sourceFailure = thrown;
            }
            if (passage.isReady()) {
                break;
            }
        }
    }

    private void await() {
        Helping.first(dispatcher, passage.leg());
        try {
            ForkJoinPool.managedBlock(waiter);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while waiting for a map by \""
                    + dispatcher.pool().name() + "\"");
            cancelled.initCause(e);
            passage.stop(cancelled);
            over = true;
            letGo(cancelled);
            throw cancelled;
        }
    }

    /** After it was stopped: what can no longer be thrown is dropped, never silent. */
    private void letGo(@Nullable Throwable thrown) {
        if (!letGo) {
            letGo = true;
            passage.sweep();
            List<Throwable> lost = passage.takeFailures();
            if (sourceFailure != null && sourceFailure != thrown) {
                lost.add(sourceFailure);
            }
            Throwable verdict = passage.verdict();
            if (verdict != null && verdict != thrown && !(verdict instanceof CancellationException)) {
                lost.add(verdict);
            }
            lost.forEach(dispatcher.dialect()::drop);
        }
    }

    private void failAtEnd() throws Throwable {
        List<Throwable> failures = passage.takeFailures();
        if (sourceFailure != null) {
            failures.add(sourceFailure);
        }
        if (!failures.isEmpty()) {
            throw failures.size() == 1
                    ? failures.get(0)
                    : dispatcher.dialect().combine(failures, (int) Math.min(passage.offered(), Integer.MAX_VALUE));
        }
    }

    private static CancellationException closed() {
        return new CancellationException("this map has been closed");
    }

    /** Stops the map: what has not started is dropped, what runs is interrupted. Does nothing after the end. */
    public void close() {
        passage.stop(closed());
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
