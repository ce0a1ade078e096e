package lox.sync.hot;

import static lox.sync.hot.RoundWord.BUSY;
import static lox.sync.hot.RoundWord.FREE;
import static lox.sync.hot.RoundWord.MISSED;
import static lox.sync.hot.RoundWord.TAKEN;
import static lox.sync.hot.RoundWord.outletOf;
import static lox.sync.hot.RoundWord.roundOf;
import static lox.sync.hot.RoundWord.stateOf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who goes round to the outlets when something has been appended: one thread for all, as long as it gets on.
 *
 * <p>A round visits every outlet. One {@linkplain RoundWord word} says which round it is, how it stands, and in which
 * <em>shared</em> outlet its walker is. To go on to the next shared outlet is one change of that word, so that a round of n of them
 * costs n + 1 atomic operations; and what n threads append meanwhile is delivered by one, while they go their way.
 *
 * <pre>
 *   FREE --walk()--&gt; BUSY (round r) --done--&gt; FREE
 *                      |   ^
 *        another walk()|   | done: round r + 1 begins
 *                      v   |
 *                     MISSED
 *
 *   BUSY, MISSED --take over--&gt; TAKEN (round r + 1) --the outlet is noted--&gt; BUSY (round r + 1)
 * </pre>
 *
 * <p><b>Invariant.</b> When a thread has gone its way, whatever it has appended has been offered to every subscriber, or there is
 * a walker that will. And while somebody walks among several outlets, somebody watches who runs no subscriber's code
 * ({@link Watch}). So nothing is left to a thread that may get stuck in the code of another subscriber.
 *
 * <p>A walker gets stuck when a subscriber does not return, or when the thread is suspended. Whoever turns BUSY into MISSED looks
 * whether the walker gets on, and if not, takes the rounds over at once. The one who watches does so for the walker whom nobody
 * meets, and for the ones who take over and get stuck themselves.
 *
 * <p>To take over changes the word's round, so the stuck walker notices when it wants to go on. In the outlet where it is, the
 * number of its round is noted as <em>orphaned</em>; the others leave that outlet out, until the walker comes back, writes its round
 * there as <em>freed</em>, and sees to it that the outlet gets what came in between. Then it waits a little for the one who took over
 * to finish the round: to whoever put, it looks as if nothing had happened. A thread that puts from inside a subscriber takes
 * over from itself, at once.
 *
 * <p>Outlets that are not shared (those with little demand, or a buffer of their own) look after themselves: they are told of
 * every round, outside any shared outlet.
 */
final class Rounds {
    /** So long a thread that puts lets another stand still before it takes over. */
    private static final long PATIENCE_NANOS = 50_000;

    /** So long one who was relieved does, since it is late already. */
    private static final long PATIENCE_OF_THE_RELIEVED_NANOS = 5_000_000;

    // Instead of a word. No word of a walker has these states.
    private static final long NOTHING_MORE = FREE;
    private static final long DEPOSED = TAKEN;

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Rounds.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Broadcast<?> broadcast;
    private final Watch watch;
    private volatile long word;
    /** Who walks, or has walked. Only a hint: others ask whether it is themselves. */
    private long walker;

    Rounds(Broadcast<?> broadcast, Predicate<Watch> relief) {
        this.broadcast = broadcast;
        this.watch = new Watch(this, relief);
    }

    /** Sees to it that every outlet is visited by a round that begins after this call. */
    void walk() {
        while (true) {
            long seen = word;
            long state = stateOf(seen);
            if (state == FREE) {
                if (begin(seen)) {
                    return;
                }
            } else if (state == TAKEN) {
                noteOrphan(seen);
            } else if (walker == Thread.currentThread().getId()) {
                if (takeOver(seen)) {
                    return;
                }
            } else if (state == MISSED) {
                return;
            } else if (WORD.compareAndSet(this, seen, RoundWord.as(seen, MISSED))) {
                seeToProgress(RoundWord.as(seen, MISSED));
                return;
            }
        }
    }

    /** Returns false if another was quicker. */
    private boolean begin(long free) {
        boolean last = broadcast.isEnding();
        Outlet<?>[] outlets = broadcast.outlets();
        // To be in the first outlet from the start saves a step. What is read here still holds if the word is
        // unchanged.
        int first = outlets.length != 0 && outlets[0] instanceof SharedOutlet<?> open && open.isOpenToWalkers()
                ? open.number()
                : 0;
        long mine = RoundWord.next(free, first, BUSY);
        if (!WORD.compareAndSet(this, free, mine)) {
            return false;
        }
        run(mine, last, outlets);
        return true;
    }

    /**
     * Visits all outlets, again and again until nothing was missed, or until somebody has taken over.
     *
     * @param begun the word
     * @param ended whether the end had come before the outlets were looked up: who joins later sees it by itself
     * @param outlets all of them
     */
    private void run(long begun, boolean ended, Outlet<?>[] outlets) {
        long mine = begun;
        boolean last = ended;
        Outlet<?>[] all = outlets;
        while (true) {
            walker = Thread.currentThread().getId();
            if (all.length > 1) { // or nobody is behind the one that may get stuck
                watch.begin();
            }
            mine = visit(all, mine, last);
            if (mine == NOTHING_MORE) {
                return;
            }
            last = broadcast.isEnding();
            all = broadcast.outlets();
        }
    }

    /** One round. Returns the word of the next; or that there is nothing more to do here. */
    private long visit(Outlet<?>[] all, long mine, boolean last) {
        SharedOutlet<?> inside = null;
        // Most rounds bring one item to all. It is read once, in the first outlet, and handed to all that stand at it.
        boolean read = false;
        Node at = null;
        Object item = null;
        Node behind = null;
        long now = mine;
        int next = 0;
        while (next < all.length) {
            Outlet<?> outlet = all[next];
            SharedOutlet<?> shared;
            if (inside == null && outletOf(now) != 0) {
                shared = (SharedOutlet<?>) outlet; // the first, entered with the word: orphaned there already, perhaps
            } else {
                shared = outlet instanceof SharedOutlet<?> maybe && maybe.isShared() ? maybe : null;
                int number = shared == null ? 0 : shared.number();
                if (outletOf(now) != number) {
                    now = step(now, number);
                    if (now == DEPOSED) {
                        return deposed(inside, mine);
                    }
                }
            }
            inside = shared;
            if (shared != null) {
                if (!read) {
                    read = true;
                    at = shared.node();
                    item = at == null ? null : at.value();
                    behind = at == null || item == null || item instanceof Mark ? null : at.successor();
                    if (behind != null && behind.value() != null) {
                        behind = null; // there is more than one
                    }
                }
                if (behind == null || at == null || item == null || !shared.deliver(at, item, behind)) {
                    shared.deliverAll();
                }
                next++;
            } else if (outlet.arrived()) {
                next++;
            }
        }
        if (last) {
            broadcast.forgetOutlets();
        }
        long then = leave(mine);
        return then == DEPOSED ? deposed(inside, mine) : then;
    }

    private long deposed(@Nullable SharedOutlet<?> inside, long mine) {
        if (inside != null) {
            inside.comeBack(roundOf(mine));
        }
        letTheNextFinish(mine);
        return NOTHING_MORE;
    }

    /** Waits for the round that has taken the place of this one. If that stands still too, this goes on for it. */
    private void letTheNextFinish(long mine) {
        long seen = word;
        long start = System.nanoTime();
        while (RoundWord.isNext(mine, seen) && stateOf(seen) != FREE) {
            if (broadcast.mayBlock()) {
                LockSupport.parkNanos(this, PATIENCE_NANOS);
            }
            long now = word;
            if (now != seen) {
                seen = now;
                start = System.nanoTime();
            } else if (System.nanoTime() - start >= PATIENCE_OF_THE_RELIEVED_NANOS && goOn(seen)) {
                return;
            }
        }
    }

    /** Goes on to a shared outlet, or to none (0). Returns the word, unless somebody has taken over. */
    private long step(long mine, long outlet) {
        long seen = mine;
        while (roundOf(seen) == roundOf(mine)) {
            long next = RoundWord.in(seen, outlet);
            if (WORD.compareAndSet(this, seen, next)) {
                return next;
            }
            seen = word;
        }
        return DEPOSED;
    }

    /** Leaves the last outlet and ends the round. Returns the word of the next if one was asked for. */
    private long leave(long mine) {
        long seen = word;
        while (roundOf(seen) == roundOf(mine)) {
            boolean missed = stateOf(seen) == MISSED;
            long next = missed ? RoundWord.next(seen, 0, BUSY) : RoundWord.in(RoundWord.as(seen, FREE), 0);
            if (WORD.compareAndSet(this, seen, next)) {
                return missed ? next : NOTHING_MORE;
            }
            seen = word;
        }
        return DEPOSED;
    }

    /** Takes over if the walker does not get on. */
    private void seeToProgress(long seen) {
        long start = System.nanoTime();
        while (word == seen) {
            // No onSpinWait: some tools take it for blocking. To ask for the time is pause enough.
            if (System.nanoTime() - start >= PATIENCE_NANOS && takeOver(seen)) {
                return;
            }
        }
    }

    long word() {
        return word;
    }

    /** For the one who watches: goes on where somebody is stuck. */
    void relieve() {
        goOn(word);
    }

    /** Takes over, or helps who is about to. Returns false if something else has happened, or is yet to be done. */
    private boolean goOn(long seen) {
        if (stateOf(seen) == TAKEN) {
            noteOrphan(seen);
            return false;
        }
        return stateOf(seen) != FREE && takeOver(seen);
    }

    private boolean takeOver(long seen) {
        long taken = RoundWord.next(seen, outletOf(seen), TAKEN);
        if (!WORD.compareAndSet(this, seen, taken)) {
            return false;
        }
        noteOrphan(taken);
        boolean last = broadcast.isEnding();
        run(RoundWord.in(RoundWord.as(taken, BUSY), 0), last, broadcast.outlets());
        return true;
    }

    /** The second step of a take-over, which anybody may do. */
    private void noteOrphan(long taken) {
        int number = outletOf(taken);
        if (number != 0) {
            for (Outlet<?> outlet : broadcast.outlets()) {
                if (outlet instanceof SharedOutlet<?> stuck && stuck.number() == number) {
                    long noted = stuck.orphaned();
                    if (word != taken) {
                        return; // this is done; to note it now could be too late
                    }
                    stuck.orphan(noted, RoundWord.before(roundOf(taken))); // or another has noted just this
                }
            }
        }
        WORD.compareAndSet(this, taken, RoundWord.in(RoundWord.as(taken, BUSY), 0));
    }
}
