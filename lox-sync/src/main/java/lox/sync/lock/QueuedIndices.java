package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * The free resources of an IndexSemaphore, the one that has been free longest first. The semaphore's state counts how
 * many are in use; this queue beside it says which are free.
 *
 *     returned --> node --> …                  taken first, the last one returned before the others
 *     head --> node --> node --> … <-- tail    taken at the head, put at the tail
 *
 * The queue is Michael and Scott's: the node at the head has been taken already, and a thread that finds the tail
 * lagging moves it on. Indices that the drainer returns unused are in a stack of their own, before all others.
 *
 * An index is put here before its holder is counted out. So there are never fewer indices than the count says, and a
 * thread that has been counted in finds one, though not always where it looks first. No node is used twice, so there is
 * no ABA problem.
 *
 * The words at the two ends and the semaphore's state lie on different cache lines. A thread that loses one of them
 * would take the other two away from the winner as well, so it pauses for the time of a few passes. The JDK's queues do
 * not.
 */
final class QueuedIndices {
    /** Retry bound: fail rather than spin forever if count and queue disagree. */
    private static final int MOST_LOOKS = 1_000_000;

    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle RETURNED;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(QueuedIndices.class, "head", Node.class);
            TAIL = lookup.findVarHandle(QueuedIndices.class, "tail", Node.class);
            RETURNED = lookup.findVarHandle(QueuedIndices.class, "returned", Node.class);
            NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Node {
        final int index;

        volatile @Nullable Node next;

        Node(int index) {
            this.index = index;
        }
    }

    private volatile Node head = new Node(-1);
    private volatile Node tail = head;
    private volatile @Nullable Node returned;

    QueuedIndices(int resources) {
        for (int index = 0; index < resources; index++) {
            put(index);
        }
    }

    /** Takes an index for a holder that has been counted in. Called once for each. */
    int take() {
        for (int look = 0; look < MOST_LOOKS; look++) {
            Node last = returned;
            if (last != null) {
                if (RETURNED.compareAndSet(this, last, last.next)) {
                    return last.index;
                }
            } else {
                Node before = head;
                Node first = before.next;
                if (first != null && HEAD.compareAndSet(this, before, first)) {
                    return first.index;
                }
            }
            Backoff.longPause();
        }
        throw new AssertionError("a holder has been counted in and finds no index");
    }

    /** Puts the index of a holder that leaves, before it is counted out. Does so, or throws and has not. */
    void put(int index) {
        Node node = new Node(index);
        while (true) {
            Node last = tail;
            Node after = last.next;
            if (after != null) {
                TAIL.compareAndSet(this, last, after);
            } else if (NEXT.compareAndSet(last, (Node) null, node)) {
                try {
                    TAIL.compareAndSet(this, last, node);
                } catch (StackOverflowError leftToTheNextThread) {
                    return; // which finds the tail lagging
                }
                return;
            } else {
                Backoff.longPause();
            }
        }
    }

    /** Called by the drainer: returns an index that was not needed, to be the next one taken. */
    void putBack(int index) {
        Node node = new Node(index);
        Node last;
        do {
            last = returned;
            node.next = last;
        } while (!RETURNED.compareAndSet(this, last, node));
    }
}
