package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * Any number of indices, in a queue beside the gate's word, which counts how many are in use:
 *
 *     returned --> node --> …                  taken next, the last one first
 *     head --> node --> node --> … <-- tail    taken at the head, given back at the tail
 *
 * The queue is Michael and Scott's: the node at the head has been taken already, and whoever finds the tail lagging moves it on. What
 * the attendant puts back, because nobody needed it after all, stands in a stack of its own, before all others.
 *
 * An index is put here before its holder is counted out. So there are never fewer here than the word says, and whoever has
 * been counted in finds one, if not where he looked first. No node is used twice, so a compare-and-set finds what it looked at.
 *
 * The words at the two ends and the gate's lie on different cache lines. Who loses one of them would take a second and a third
 * away from the winner before that has done a single pass, so he keeps off for a few of them. The JDK's queues do not.
 */
final class QueuedIndices extends Indices {
    /** Seconds of bad luck. Rather an error than a loop for ever, should the count and the queue ever differ. */
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

    private final int resources;
    private volatile Node head = new Node(-1);
    private volatile Node tail = head;
    private volatile @Nullable Node returned;

    QueuedIndices(int resources) {
        this.resources = resources;
        for (int index = 0; index < resources; index++) {
            add(index);
        }
    }

    @Override
    int allFree() {
        return 0;
    }

    @Override
    int withOneMore(int inside) {
        return inside < resources ? inside + 1 : Gate.CLOSED;
    }

    @Override
    int held(int inside) {
        return inside;
    }

    @Override
    int take(int insideBefore) {
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
            Contention.stepFarAside();
        }
        throw new AssertionError("somebody has been counted in and finds no index");
    }

    @Override
    void giveBack(Gate gate, int index) {
        add(index);
        gate.leave(1);
    }

    private void add(int index) {
        Node node = new Node(index);
        while (true) {
            Node last = tail;
            Node after = last.next;
            if (after != null) {
                TAIL.compareAndSet(this, last, after);
            } else if (NEXT.compareAndSet(last, (Node) null, node)) {
                TAIL.compareAndSet(this, last, node);
                return;
            } else {
                Contention.stepFarAside();
            }
        }
    }

    @Override
    void putBack(Gate gate, int index) {
        Node node = new Node(index);
        Node last;
        do {
            last = returned;
            node.next = last;
        } while (!RETURNED.compareAndSet(this, last, node));
        gate.add(-1);
    }
}
