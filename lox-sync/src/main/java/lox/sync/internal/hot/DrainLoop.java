package lox.sync.internal.hot;

import static lox.sync.internal.hot.DrainState.DRAINING;
import static lox.sync.internal.hot.DrainState.IDLE;
import static lox.sync.internal.hot.DrainState.MISSED;
import static lox.sync.internal.hot.DrainState.TAKEN_OVER;
import static lox.sync.internal.hot.DrainState.roundOf;
import static lox.sync.internal.hot.DrainState.stateOf;
import static lox.sync.internal.hot.DrainState.subscriptionOf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import lox.sync.internal.time.SpinWait;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of appended items to all subscriptions: one thread at a time, the drainer, visits them in rounds.
 *
 * <p>One {@linkplain DrainState word} holds the number of the round, its state, and the <em>shared</em> subscription
 * in which the drainer is. A move to the next shared subscription is one change of that word, so a round of n of them
 * costs n + 1 atomic operations. What n threads append meanwhile, one thread delivers; the others return.
 *
 * <pre>
 *   IDLE --drain()--&gt; DRAINING (round r) --done--&gt; IDLE
 *                        |   ^
 *          another       |   | done: round r + 1 begins
 *          drain()       v   |
 *                       MISSED
 *
 *   DRAINING, MISSED --take over--&gt; TAKEN_OVER (round r + 1) --subscription is marked--&gt; DRAINING (round r + 1)
 * </pre>
 *
 * <p><b>Invariant.</b> When a thread returns from {@link #drain}, what it has appended has been offered to every
 * subscriber, or there is a drainer that will. While a thread drains more than one subscription, the
 * {@link StallProbe} is observed by a thread that runs no subscriber's code. So nothing depends on a thread that may
 * be stuck in the code of another subscriber.
 *
 * <p>A drainer is stuck when a subscriber does not return, or when the thread is suspended. The thread that changes
 * DRAINING to MISSED waits briefly for progress, and takes over if there is none. The watchdog takes over where no
 * thread meets the drainer, and where the thread that has taken over is stuck itself.
 *
 * <p>A take-over changes the number of the round, so the stuck drainer notices it with its next step. In the
 * subscription where that drainer is, the number of its round is written as <em>abandoned</em>, and other rounds skip
 * the subscription. When the drainer returns from the subscriber, it writes its round there as <em>recovered</em> and
 * delivers what came in between. Then it waits a little for its successor to finish the round, so that its put
 * returns after delivery as if nothing had happened. A thread that puts from inside a subscriber takes over from
 * itself at once.
 *
 * <p>Subscriptions that are not shared (those with little demand, or with a bounded buffer) deliver by themselves.
 * They learn of every round, while the drainer is in no shared subscription.
 */
final class DrainLoop implements StallProbe.Target {
    /** How long a put waits for a stalled drainer before it takes over. */
    private static final long STALL_NANOS = 50_000;

    /** How long a drainer that has been superseded waits for a stalled successor. */
    private static final long SUCCESSOR_STALL_NANOS = 5_000_000;

    // Returned in place of a word. The word of a drainer never has these states.
    private static final long DONE = IDLE;
    private static final long SUPERSEDED = TAKEN_OVER;

    private static final VarHandle WORD;
    private static final VarHandle TAKE_OVERS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(DrainLoop.class, "word", long.class);
            TAKE_OVERS = lookup.findVarHandle(DrainLoop.class, "takeOvers", TakeOvers.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final InnerSubscriptions subscriptions;
    private final Dialect dialect;
    private final StallProbe probe;
    private volatile long word;
    /** Those up to the latest take-over whose second step is done; they include it before its round goes on. */
    private volatile TakeOvers takeOvers = TakeOvers.NONE;
    /** The thread that drains, or has drained. Other threads read it only to compare it with themselves. */
    private long drainer;

    /**
     * Makes an idle loop.
     *
     * @param subscriptions the subscriptions to visit
     * @param dialect knows which threads may block
     * @param watchdog starts the observation of this loop; false if there is no thread for it
     */
    DrainLoop(InnerSubscriptions subscriptions, Dialect dialect, Predicate<StallProbe> watchdog) {
        this.subscriptions = subscriptions;
        this.dialect = dialect;
        this.probe = new StallProbe(this, watchdog);
    }

    /** Visits every subscription in a round that begins after this call, or has the current drainer begin one. */
    void drain() {
        // Both may be older than the word, which is read next: a subscription or an end that comes later has a round of
        // its own.
        boolean last = subscriptions.isEnding();
        InnerSubscription<?>[] all = subscriptions.all();
        if (all.length == 0 && !last) {
            return;
        }
        while (true) {
            long seen = word;
            long state = stateOf(seen);
            if (state == IDLE) {
                if (tryBegin(seen, last, all)) {
                    return;
                }
            } else if (state == TAKEN_OVER) {
                noteAbandoned(seen);
            } else if (drainer == Thread.currentThread().getId()) {
                if (takeOver(seen)) {
                    return;
                }
            } else if (state == MISSED) {
                return;
            } else if (WORD.compareAndSet(this, seen, DrainState.withState(seen, MISSED))) {
                ensureProgress(DrainState.withState(seen, MISSED));
                return;
            }
        }
    }

    /** Begins a round in the idle loop. Returns false if another thread did so first. */
    private boolean tryBegin(long free, boolean last, InnerSubscription<?>[] all) {
        // Beginning inside the first subscription saves a step. It is still shared if the word is unchanged.
        int first = all.length != 0 && all[0] instanceof SharedFlowSubscription<?> open && open.isShared()
                ? open.number()
                : 0;
        long mine = DrainState.next(free, first, DRAINING);
        if (!WORD.compareAndSet(this, free, mine)) {
            return false;
        }
        drainRounds(mine, last, all);
        return true;
    }

    /**
     * Makes rounds until nothing was missed, or until another thread has taken over.
     *
     * @param begun the word
     * @param ended whether the end had been put before the subscriptions were read; one that joins later sees it by
     *     itself
     * @param visited all subscriptions
     */
    private void drainRounds(long begun, boolean ended, InnerSubscription<?>[] visited) {
        long mine = begun;
        boolean last = ended;
        InnerSubscription<?>[] all = visited;
        while (true) {
            drainer = Thread.currentThread().getId();
            if (all.length > 1) { // otherwise no other subscription can be held up
                probe.begin();
            }
            mine = drainRound(all, mine, last);
            if (mine == DONE) {
                return;
            }
            last = subscriptions.isEnding();
            all = subscriptions.all();
        }
    }

    /** Makes one round. Returns the word of the next round, or DONE. */
    private long drainRound(InnerSubscription<?>[] all, long mine, boolean last) {
        SharedFlowSubscription<?> inside = null;
        // Most rounds bring one item to all. It is read once, and passed to all subscriptions that are at it.
        boolean read = false;
        LogNode at = null;
        Object item = null;
        LogNode behind = null;
        long now = mine;
        int next = 0;
        while (next < all.length) {
            InnerSubscription<?> subscription = all[next];
            SharedFlowSubscription<?> shared;
            if (inside == null && subscriptionOf(now) != 0) {
                shared = (SharedFlowSubscription<?>) subscription; // entered by tryBegin, perhaps abandoned since
            } else {
                shared = subscription instanceof SharedFlowSubscription<?> maybe && maybe.tryShare() ? maybe : null;
                int number = shared == null ? 0 : shared.number();
                if (subscriptionOf(now) != number) {
                    now = moveTo(now, number);
                    if (now == SUPERSEDED) {
                        return recover(inside, mine);
                    }
                }
            }
            inside = shared;
            if (shared != null) {
                if (!read) {
                    read = true;
                    at = shared.node();
                    item = at == null ? null : at.value();
                    behind = at == null || item == null || item instanceof Signal ? null : at.successor();
                    if (behind != null && behind.value() != null) {
                        behind = null; // more than one item
                    }
                }
                if (behind == null || at == null || item == null || !shared.emit(at, item, behind)) {
                    shared.emitAll();
                }
                next++;
            } else if (subscription.appended()) {
                next++;
            }
        }
        if (last) {
            subscriptions.forget();
        }
        long then = endRound(mine);
        return then == SUPERSEDED ? recover(inside, mine) : then;
    }

    /** Returns to a subscription that has been abandoned, if any, and waits for the successor. */
    private long recover(@Nullable SharedFlowSubscription<?> inside, long mine) {
        if (inside != null) {
            inside.recover(roundOf(mine));
        }
        awaitSuccessor(mine);
        return DONE;
    }

    /**
     * Waits for the round that has superseded this one, or that which has superseded the former in its turn, and so on.
     * If it stalls, too, this takes over from it.
     */
    private void awaitSuccessor(long mine) {
        long seen = word;
        long start = System.nanoTime();
        while (stateOf(seen) == TAKEN_OVER
                || (stateOf(seen) != IDLE && takeOvers.haveSuperseded(roundOf(mine), roundOf(seen)))) {
            if (dialect.mayBlock()) {
                LockSupport.parkNanos(this, STALL_NANOS);
            }
            long now = word;
            if (now != seen) {
                seen = now;
                start = System.nanoTime();
            } else if (System.nanoTime() - start >= SUCCESSOR_STALL_NANOS && takeOverOrHelp(seen)) {
                return;
            }
        }
    }

    /** Moves to a shared subscription, or to none (0). Returns the word, or SUPERSEDED. */
    private long moveTo(long mine, long subscription) {
        long seen = mine;
        while (roundOf(seen) == roundOf(mine)) {
            long next = DrainState.inSubscription(seen, subscription);
            if (WORD.compareAndSet(this, seen, next)) {
                return next;
            }
            seen = word;
        }
        return SUPERSEDED;
    }

    /**
     * Leaves the last subscription and ends the round. Returns the word of the next round if one was missed, or DONE,
     * or SUPERSEDED.
     */
    private long endRound(long mine) {
        long seen = word;
        while (roundOf(seen) == roundOf(mine)) {
            boolean missed = stateOf(seen) == MISSED;
            long next = missed
                    ? DrainState.next(seen, 0, DRAINING)
                    : DrainState.inSubscription(DrainState.withState(seen, IDLE), 0);
            if (WORD.compareAndSet(this, seen, next)) {
                return missed ? next : DONE;
            }
            seen = word;
        }
        return SUPERSEDED;
    }

    /** Waits for progress of the drainer, and takes over if there is none. */
    private void ensureProgress(long seen) {
        long start = System.nanoTime();
        while (word == seen) {
            SpinWait.pause();
            if (System.nanoTime() - start >= STALL_NANOS && takeOver(seen)) {
                return;
            }
        }
    }

    @Override
    public long word() {
        return word;
    }

    @Override
    public void resume() {
        takeOverOrHelp(word);
    }

    /** Takes over, or helps another thread that does. Returns true if this thread has drained. */
    private boolean takeOverOrHelp(long seen) {
        if (stateOf(seen) == TAKEN_OVER) {
            noteAbandoned(seen);
            return false;
        }
        return stateOf(seen) != IDLE && takeOver(seen);
    }

    private boolean takeOver(long seen) {
        long taken = DrainState.next(seen, subscriptionOf(seen), TAKEN_OVER);
        if (!WORD.compareAndSet(this, seen, taken)) {
            return false;
        }
        noteAbandoned(taken);
        boolean last = subscriptions.isEnding();
        drainRounds(DrainState.inSubscription(DrainState.withState(taken, DRAINING), 0), last, subscriptions.all());
        return true;
    }

    /** The second step of a take-over, which any thread may do. */
    private void noteAbandoned(long taken) {
        TakeOvers before = takeOvers;
        if (word != taken) {
            return; // another thread has done this
        }
        TAKE_OVERS.compareAndSet(this, before, before.with(roundOf(taken))); // or another thread has added just this
        int number = subscriptionOf(taken);
        if (number != 0) {
            for (InnerSubscription<?> subscription : subscriptions.all()) {
                if (subscription instanceof SharedFlowSubscription<?> stuck && stuck.number() == number) {
                    long noted = stuck.abandoned();
                    if (word != taken) {
                        return; // another thread has done this; marking it now could be too late
                    }
                    stuck.markAbandoned(
                            noted, DrainState.roundBefore(roundOf(taken))); // or another thread has marked just this
                }
            }
        }
        WORD.compareAndSet(this, taken, DrainState.inSubscription(DrainState.withState(taken, DRAINING), 0));
    }
}
