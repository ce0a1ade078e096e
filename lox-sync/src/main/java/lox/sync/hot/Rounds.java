package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Who goes round to the outlets when something has been appended: one thread for all, as long as it gets on.
 *
 * <p>A round visits every outlet. One word says which round it is, how it stands, and in which <em>shared</em> outlet its walker
 * is. To go on to the next shared outlet is one change of that word, so that a round of n of them costs n + 1 atomic
 * operations, and what n threads append meanwhile is delivered by one, while they go their way.
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
 * <p>The walker may get stuck: a subscriber does not return, or the thread is suspended. So whoever turns BUSY into MISSED
 * waits, a few microseconds, for a later round to be finished, and else takes the rounds over. (Who finds MISSED just goes:
 * its item was appended before any round that the waiting thread will see.) To take over changes the word's round, so the stuck
 * walker notices when it wants to go on. In the outlet where it is, the number of its round is noted as <em>orphaned</em>; the
 * others leave that outlet out, until the walker comes back, writes its round there as <em>freed</em>, and sees to it that the outlet
 * gets what came in between. The numbers make a note that comes too late harmless. A thread that puts from inside a
 * subscriber takes over from itself, at once.
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

    // The word: outlet (24 bits), round (38 bits), state (2 bits).
    private static final long STATE = 3;
    private static final int ROUND_SHIFT = 2;
    private static final int OUTLET_SHIFT = 40;
    private static final long ROUND = ((1L << OUTLET_SHIFT) - 1) >>> ROUND_SHIFT;
    private static final long OUTLET_MASK = -1L << OUTLET_SHIFT;
    /** To compare rounds that may have wrapped. */
    private static final int ROUND_TO_SIGN = Long.SIZE - (OUTLET_SHIFT - ROUND_SHIFT);

    private static final VarHandle WORD;
    private static final VarHandle FINISHED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(Rounds.class, "word", long.class);
            FINISHED = lookup.findVarHandle(Rounds.class, "finished", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Broadcast<?> broadcast;
    private volatile long word;
    /** The last round that visited all. */
    private volatile long finished;
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
                guard(roundOf(seen));
                return;
            }
        }
    }

    private boolean begin(long free) {
        boolean last = broadcast.isEnded();
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
        while (mine != 0) {
            walker = Thread.currentThread().getId();
            if (!visit(all, mine)) {
                return;
            }
            FINISHED.setRelease(this, roundOf(mine));
            if (last) {
                broadcast.forgetOutlets();
            }
            mine = leave(mine);
            last = broadcast.isEnded();
            all = broadcast.outlets();
        }
    }

    /** Returns false if somebody has taken over. */
    private boolean visit(Outlet<?>[] all, long mine) {
        PushOutlet<?> inside = null;
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
                    if (now == 0) {
                        deposed(inside, mine);
                        return false;
                    }
                }
            }
            inside = shared;
            if (shared != null) {
                shared.deliverShared();
                next++;
            } else if (outlet.arrived()) {
                next++;
            }
        }
        if (inside != null && step(now, 0) == 0) {
            deposed(inside, mine);
            return false;
        }
        return true;
    }

    private static void deposed(@Nullable PushOutlet<?> inside, long mine) {
        if (inside != null) {
            inside.comeBack(roundOf(mine));
        }
    }

    /** Goes on to a shared outlet, or to none (0). Returns the word, or 0 if somebody has taken over. */
    private long step(long mine, long outlet) {
        long seen = mine;
        while (roundOf(seen) == roundOf(mine)) {
            long next = (outlet << OUTLET_SHIFT) | (seen & ~OUTLET_MASK);
            if (WORD.compareAndSet(this, seen, next)) {
                return next;
            }
            seen = word;
        }
        return 0;
    }

    /** Ends a round. Returns the word of the next if something was missed; 0 if there is nothing more to do here. */
    private long leave(long mine) {
        long seen = word;
        while (roundOf(seen) == roundOf(mine)) {
            boolean missed = (seen & STATE) == MISSED;
            long next = missed ? nextRound(seen, 0, BUSY) : (roundOf(seen) << ROUND_SHIFT) | FREE;
            if (WORD.compareAndSet(this, seen, next)) {
                return missed ? next : 0;
            }
            seen = word;
        }
        return 0;
    }

    /** Waits until a round later than this one is finished; not for long, and then finishes one. */
    private void guard(long round) {
        long start = System.nanoTime();
        do {
            if (isLater(finished, round)) {
                return;
            }
        } while (System.nanoTime() - start < PATIENCE_NANOS);
        while (!isLater(finished, round)) {
            long seen = word;
            long state = seen & STATE;
            if (state == TAKEN) {
                noteOrphan(seen);
            } else if (state == FREE ? begin(seen) : takeOver(seen)) {
                return;
            }
        }
    }

    private boolean takeOver(long seen) {
        long mine = nextRound(seen, outletOf(seen), TAKEN);
        if (!WORD.compareAndSet(this, seen, mine)) {
            return false;
        }
        noteOrphan(mine);
        boolean last = broadcast.isEnded();
        run((roundOf(mine) << ROUND_SHIFT) | BUSY, last, broadcast.outlets());
        return true;
    }

    /** The second step of a take-over, which anybody may do. */
    private void noteOrphan(long taken) {
        int number = outletOf(taken);
        if (number != 0) {
            for (Outlet<?> outlet : broadcast.outlets()) {
                if (outlet instanceof PushOutlet<?> push && push.number() == number) {
                    push.orphan((roundOf(taken) - 1) & ROUND);
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

    static boolean isLater(long round, long than) {
        return (round - than) << ROUND_TO_SIGN > 0;
    }
}
