package lox.sync.lock;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Any number of indices, in a queue beside the gate's word, which counts how many are in use. An index is put into the
 * queue before its holder is counted out, so there are never fewer in it than the word says, and whoever has been counted
 * in finds one.
 */
final class QueuedIndices extends Indices {
    private final int resources;
    private final ConcurrentLinkedDeque<Integer> free = new ConcurrentLinkedDeque<>();

    QueuedIndices(int resources) {
        this.resources = resources;
        for (int index = 0; index < resources; index++) {
            free.addLast(index);
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
        return Objects.requireNonNull(free.pollFirst());
    }

    @Override
    void giveBack(Gate gate, int index) {
        free.addLast(index);
        gate.leave(1);
    }

    @Override
    void putBack(Gate gate, int index) {
        free.addFirst(index);
        gate.add(-1);
    }
}
