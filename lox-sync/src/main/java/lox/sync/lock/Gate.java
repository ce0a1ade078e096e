package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/*
 * How many are inside, who waits, and who is let in when. Everything hangs on one word:
 *
 *      63                          32 31                           0
 *     +------------------------------+------------------------------+
 *     | requests waiting             | holders, in the doors' units |
 *     +------------------------------+------------------------------+
 *
 *                             enter                    nobody waits and the door admits: one compare-and-set
 *     (0 waiting, h inside) ---------> (0 waiting, h + weight inside)
 *                             leave                    one add
 *     (w waiting, h inside) ---------> (w waiting, h - weight inside)       then, if w > 0: attend
 *                             enqueue                  else: one compare-and-set
 *     (w waiting, h inside) ---------> (w + 1 waiting, h inside)            then: inbox, attend
 *                             admit, by the attendant only, for the first in line if its door admits
 *     (w waiting, h inside) ---------> (w - 1 waiting, h + weight inside)
 *                             remove, by the attendant only, for a request that was withdrawn
 *     (w waiting, h inside) ---------> (w - 1 waiting, h inside)
 *
 * As soon as w > 0 nobody enters but through the attendant, so nobody overtakes, and what the attendant sees as free stays
 * free until it gives it away. Asking to enter and standing in line are decided on the same word, so no release is missed.
 *
 * The attendant is the thread that has the baton. The line (a doubly linked list, so that a withdrawal in its midst costs
 * the same as at its ends) belongs to the attendant alone. Whoever wants something done puts it into the inbox and raises
 * the baton; if it was up already, the attendant will see to it and the caller goes on. The baton is a lock that nobody
 * ever waits for: a release on an event loop is never held up, not even for the blink of a mutex.
 *
 * The attendant commits all grants, then wakes blocked threads, then puts the baton down, and only then runs callbacks.
 */
class Gate {
    /** Instead of what is inside: nobody may enter. */
    static final int CLOSED = -1;

    private static final long WAITER = 1L << 32;
    /** So often the attendant may be given more to do before it leaves the callbacks of what it did to another thread. */
    private static final int PATIENCE = 64;

    private static final VarHandle STATE;
    private static final VarHandle BATON;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Gate.class, "state", long.class);
            BATON = lookup.findVarHandle(Gate.class, "baton", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ConcurrentLinkedQueue<Waiter<?>> inbox = new ConcurrentLinkedQueue<>();
    private final boolean tracksPermits = Boolean.getBoolean("lox.lock.trackPermits");

    private volatile long state;

    /** 0: nobody attends; else somebody does, and so many calls for an attendant have not been answered. */
    @SuppressWarnings("UnusedVariable") // through BATON
    private volatile int baton;

    /** The line. Written by the attendant alone; the head is volatile for snapshots. */
    private volatile @Nullable Waiter<?> head;

    private @Nullable Waiter<?> tail;

    private int length;

    /** What others may see of the length. A request that is counted in the state may not have reached the line yet. */
    private volatile int lengthSeen;

    Gate(int inside) {
        state = inside;
    }

    /** Lets one more in, if nobody waits and the door admits. Returns what was inside before, or {@link #CLOSED}. */
    final int enter(Door<?> door) {
        while (true) {
            long seen = state;
            int then = withOneMore(seen, door);
            if (then == CLOSED) {
                return CLOSED;
            }
            if (STATE.compareAndSet(this, seen, (long) then)) {
                return inside(seen);
            }
            Contention.stepAside();
        }
    }

    private static int withOneMore(long seen, Door<?> door) {
        return waiting(seen) == 0 ? door.withOneMore(inside(seen)) : CLOSED;
    }

    /** Takes part of what is inside out again. */
    final void leave(int weight) {
        long before = (long) STATE.getAndAdd(this, (long) -weight);
        if (waiting(before) != 0) {
            attend();
        }
    }

    /** Lets the request in, or puts it at the end of the line. */
    final void enqueue(Waiter<?> waiter) {
        while (true) {
            long seen = state;
            int then = withOneMore(seen, waiter.door);
            if (then == CLOSED) {
                if (STATE.compareAndSet(this, seen, seen + WAITER)) {
                    break;
                }
            } else if (STATE.compareAndSet(this, seen, (long) then)) {
                waiter.grantUnseen(inside(seen));
                return;
            }
        }
        waiter.since = System.nanoTime();
        inbox.add(waiter);
        attend();
    }

    /** Takes a request that is no longer waiting out of the line. */
    final void withdraw(Waiter<?> waiter) {
        inbox.add(waiter);
        attend();
    }

    /** Sees to the inbox and to the line, or leaves it to the thread that is at it. */
    final void attend() {
        if ((int) BATON.getAndAdd(this, 1) != 0) {
            return;
        }
        Aftermath aftermath = new Aftermath();
        int rounds = 0;
        int calls = 1;
        do {
            readInbox();
            prepare(aftermath);
            admit(aftermath);
            prepare(aftermath);
            lengthSeen = length;
            aftermath.wake();
            if (++rounds % PATIENCE == 0) {
                aftermath = aftermath.handedOver();
            }
            calls = (int) BATON.getAndAdd(this, -calls) - calls;
        } while (calls != 0);
        aftermath.run();
    }

    /** For the attendant of a gate that has to do something before it can let anybody in. */
    void prepare(Aftermath aftermath) {}

    private void readInbox() {
        for (Waiter<?> waiter = inbox.poll(); waiter != null; waiter = inbox.poll()) {
            if (waiter.linked) {
                unlink(waiter); // it is here for the second time: withdrawn
                add(-WAITER);
            } else if (!waiter.unlinked) {
                link(waiter);
            }
        }
    }

    private void admit(Aftermath aftermath) {
        for (Waiter<?> first = head; first != null; first = head) {
            int inside = countIn(first.door);
            if (inside == CLOSED) {
                return;
            }
            unlink(first);
            if (first.grant(inside, aftermath)) {
                aftermath.ended(first);
            }
        }
    }

    /** For the first in line, if the door admits: one waiting less and one inside more; what was inside before. */
    private int countIn(Door<?> door) {
        while (true) {
            long seen = state;
            int inside = inside(seen);
            int then = door.withOneMore(inside);
            if (then == CLOSED) {
                return CLOSED;
            }
            if (STATE.compareAndSet(this, seen, seen - WAITER - inside + then)) {
                return inside;
            }
        }
    }

    /** For the attendant: takes the first request out of the line for good, without letting it in. */
    final @Nullable Waiter<?> dismissFirst() {
        Waiter<?> first = head;
        if (first != null) {
            unlink(first);
            add(-WAITER);
        }
        return first;
    }

    /** For the attendant. */
    final boolean lineIsEmpty() {
        return head == null;
    }

    private void link(Waiter<?> waiter) {
        Waiter<?> last = tail;
        waiter.previous = last;
        if (last == null) {
            head = waiter;
        } else {
            last.next = waiter;
        }
        tail = waiter;
        waiter.linked = true;
        length++;
    }

    private void unlink(Waiter<?> waiter) {
        Waiter<?> before = waiter.previous;
        Waiter<?> after = waiter.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.linked = false;
        waiter.unlinked = true;
        length--;
    }

    final void add(long difference) {
        STATE.getAndAdd(this, difference);
    }

    /** Changes what is inside, unless anything has changed since the look. */
    final boolean changeInside(long seen, int then) {
        return compareAndSet(seen, seen - inside(seen) + then);
    }

    final boolean compareAndSet(long expected, long next) {
        return STATE.compareAndSet(this, expected, next);
    }

    final long state() {
        return state;
    }

    static int waiting(long state) {
        return (int) (state >>> 32);
    }

    static int inside(long state) {
        return (int) state;
    }

    final @Nullable Throwable acquiredHere() {
        return tracksPermits ? new Throwable("acquired here") : null;
    }

    /** How many stand in the line. */
    final int lineLength() {
        return lengthSeen;
    }

    final Duration longestWait() {
        Waiter<?> first = head;
        return first == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - first.since));
    }
}
