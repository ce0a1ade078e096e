package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Who goes round to the outlets when something has been appended: one thread for all, as long as it gets on.
 *
 * <p>A round visits every outlet. One word says which round it is, how it stands, and in which <em>shared</em> outlet its walker
 * is. To go on to the next shared outlet is one change of that word, so that a round of n of them costs n + 1 atomic
 * operations; and what n threads append meanwhile is delivered by one, while they go their way.
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
 * a walker that will, or somebody watches who runs no subscriber's code. So nothing is left to a thread that may get stuck
 * in the code of another subscriber.
 *
 * <p>Whoever turns BUSY into MISSED looks whether the walker gets on, and if not, takes the rounds over at once. But then, or
 * later, it may get stuck itself, when all others have gone: no thread that is there could help. So from the first MISSED
 * until it is FREE the word is watched by {@link Relief}, whose threads take over what has stood still.
 *
 * <p>A walker gets stuck when a subscriber does not return, or when the thread is suspended. To take over changes the word's
 * round, so the stuck walker notices when it wants to go on. In the outlet where it is, the number of its round is noted as
 * <em>orphaned</em>; the others leave that outlet out, until the walker comes back, writes its round there as <em>freed</em>, and
 * sees to it that the outlet gets what came in between. A thread that puts from inside a subscriber takes over from itself, at
 * once.
 *
 * <p>Outlets that are not shared (those with little demand, or a buffer of their own) look after themselves: they are told of
 * every round, outside any shared outlet.
 */
final class Rounds {
    /** Those with a number above this are not shared. */
    static final int MOST_OUTLETS = (1 << 24) - 1;

    private static final long PATIENCE_NANOS = 50_000;

    private static final long FREE = 0;
    private static final long BUSY = 1;
    private static final long MISSED = 2;
    private static final long TAKEN = 3;

    // Instead of a word. No word of a walker has these states.
    private static final long NOTHING_MORE = FREE;
    private static final long DEPOSED = TAKEN;

    // The word: outlet (24 bits), round (38 bits), state (2 bits).
    private static final long STATE = 3;
    private static final int ROUND_SHIFT = 2;
    private static final int OUTLET_SHIFT = 40;
    private static final long ROUND = ((1L << OUTLET_SHIFT) - 1) >>> ROUND_SHIFT;
    private static final long OUTLET_MASK = -1L << OUTLET_SHIFT;

    private static final VarHandle WORD;
    private static final VarHandle WATCHED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(Rounds.class, "word", long.class);
            WATCHED = lookup.findVarHandle(Rounds.class, "watched", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Broadcast<?> broadcast;
    private volatile long word;
    private volatile boolean watched;
    /** The word as the one who watches has seen it. */
    private long lookedAt;
    /** Who walks, or has walked. Only a hint: others ask whether it is themselves. */
    private long walker;

    Rounds(Broadcast<?> broadcast) {
        this.broadcast = broadcast;
    }

    /** Sees to it that every outlet is visited by a round that begins after this call. */
    void walk() {
        while (true) {
            long seen = word;
            long state = seen & STATE;
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
            } else if (WORD.compareAndSet(this, seen, seen ^ (BUSY ^ MISSED))) {
                beWatched();
                seeToProgress(seen ^ (BUSY ^ MISSED));
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
        int first = outlets.length != 0 && outlets[0] instanceof PushOutlet<?> push && push.isOpenToWalkers()
                ? push.number()
                : 0;
        long mine = nextRound(free, first, BUSY);
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
        PushOutlet<?> inside = null;
        // Most rounds bring one item to all. It is read once, in the first outlet, and handed to all that stand at it.
        boolean read = false;
        Node at = null;
        Object item = null;
        Node behind = null;
        long now = mine;
        int next = 0;
        while (next < all.length) {
            Outlet<?> outlet = all[next];
            PushOutlet<?> shared;
            if (inside == null && outletOf(now) != 0) {
                shared = (PushOutlet<?>) outlet; // the first, entered with the word: orphaned there already, perhaps
            } else {
                shared = outlet instanceof PushOutlet<?> push && push.isShared() ? push : null;
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
                if (behind == null || at == null || item == null || !shared.deliverShared(at, item, behind)) {
                    shared.deliverShared();
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

    private static long deposed(@Nullable PushOutlet<?> inside, long mine) {
        if (inside != null) {
            inside.comeBack(roundOf(mine));
        }
        return NOTHING_MORE;
    }

    /** Goes on to a shared outlet, or to none (0). Returns the word, unless somebody has taken over. */
    private long step(long mine, long outlet) {
        long seen = mine;
        while (roundOf(seen) == roundOf(mine)) {
            long next = (outlet << OUTLET_SHIFT) | (seen & ~OUTLET_MASK);
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
            boolean missed = (seen & STATE) == MISSED;
            long next = missed ? nextRound(seen, 0, BUSY) : (roundOf(seen) << ROUND_SHIFT) | FREE;
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
            if (System.nanoTime() - start >= PATIENCE_NANOS && takeOver(seen)) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** A mark is left first, and then this is called; the other side is in {@link #isToBeWatched}. */
    private void beWatched() {
        if (!watched && WATCHED.compareAndSet(this, false, true)) {
            Relief.watch(this);
        }
    }

    /** For the one who watches, every so often. Returns false if this is to be watched no more. */
    boolean isToBeWatched() {
        if ((word & STATE) != FREE) {
            return true;
        }
        watched = false;
        return (word & STATE) != FREE && WATCHED.compareAndSet(this, false, true);
    }

    /** For the one who watches: whether nothing has happened since it asked last. */
    boolean isStuck() {
        long before = lookedAt;
        lookedAt = word;
        return lookedAt == before;
    }

    /** Goes on where somebody is stuck. */
    void relieve() {
        long seen = word;
        if ((seen & STATE) == TAKEN) {
            noteOrphan(seen);
        } else if ((seen & STATE) != FREE) {
            takeOver(seen);
        }
    }

    private boolean takeOver(long seen) {
        long mine = nextRound(seen, outletOf(seen), TAKEN);
        if (!WORD.compareAndSet(this, seen, mine)) {
            return false;
        }
        noteOrphan(mine);
        boolean last = broadcast.isEnding();
        run((roundOf(mine) << ROUND_SHIFT) | BUSY, last, broadcast.outlets());
        return true;
    }

    /** The second step of a take-over, which anybody may do. */
    private void noteOrphan(long taken) {
        int number = outletOf(taken);
        if (number != 0) {
            for (Outlet<?> outlet : broadcast.outlets()) {
                if (outlet instanceof PushOutlet<?> push && push.number() == number) {
                    long noted = push.orphaned();
                    if (word != taken) {
                        return; // this is done; to note it now could be too late
                    }
                    push.orphan(noted, (roundOf(taken) - 1) & ROUND); // or another has noted just this
                }
            }
        }
        WORD.compareAndSet(this, taken, (roundOf(taken) << ROUND_SHIFT) | BUSY);
    }

    private static long roundOf(long word) {
        return (word >>> ROUND_SHIFT) & ROUND;
    }

    private static int outletOf(long word) {
        return (int) (word >>> OUTLET_SHIFT);
    }

    private static long nextRound(long word, long outlet, long state) {
        return (outlet << OUTLET_SHIFT) | (((roundOf(word) + 1) & ROUND) << ROUND_SHIFT) | state;
    }
}
