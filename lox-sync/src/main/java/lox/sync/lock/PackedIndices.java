package lox.sync.lock;

/*
 * Up to eight indices in the gate's own word, so that one compare-and-set takes a resource and one gives it back:
 *
 *      27  25      9   7 6   4 3      0
 *     +------+ ~ +------+------+--------+
 *     | free | ~ | free | free | in use |
 *     +------+ ~ +------+------+--------+
 *       last       second first
 *
 * As many of the fields are meant as are free; those above are 0. Who comes in takes the first and moves the others down;
 * who leaves puts its index behind the last.
 */
final class PackedIndices extends Indices {
    static final int MOST = 8;

    private static final int COUNT_BITS = 4;
    private static final int COUNT = (1 << COUNT_BITS) - 1;
    private static final int INDEX_BITS = 3;
    private static final int INDEX = (1 << INDEX_BITS) - 1;

    private final int resources;

    PackedIndices(int resources) {
        this.resources = resources;
    }

    @Override
    int allFree() {
        int free = 0;
        for (int index = resources - 1; index >= 0; index--) {
            free = free << INDEX_BITS | index;
        }
        return pack(free, 0);
    }

    private static int pack(int free, int held) {
        return free << COUNT_BITS | held;
    }

    private static int free(int inside) {
        return inside >>> COUNT_BITS;
    }

    @Override
    int held(int inside) {
        return inside & COUNT;
    }

    @Override
    int withOneMore(int inside) {
        int held = held(inside);
        return held == resources ? Gate.CLOSED : pack(free(inside) >>> INDEX_BITS, held + 1);
    }

    @Override
    int take(int insideBefore) {
        return free(insideBefore) & INDEX;
    }

    @Override
    void giveBack(Gate gate, int index) {
        while (true) {
            long seen = gate.state();
            int inside = Gate.inside(seen);
            int held = held(inside);
            int last = INDEX_BITS * (resources - held);
            if (gate.changeInside(seen, pack(free(inside) | index << last, held - 1))) {
                if (Gate.waiting(seen) != 0) {
                    gate.attend();
                }
                return;
            }
            Contention.stepAside();
        }
    }

    @Override
    void putBack(Gate gate, int index) {
        while (true) {
            long seen = gate.state();
            int inside = Gate.inside(seen);
            if (gate.changeInside(seen, pack(free(inside) << INDEX_BITS | index, held(inside) - 1))) {
                return;
            }
        }
    }
}
