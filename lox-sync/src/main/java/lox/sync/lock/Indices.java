package lox.sync.lock;

/** Which resources of an {@link IndexSemaphore} are free, the one that has been so longest first. */
abstract class Indices {
    private static final int MOST = 1 << 24;

    static Indices of(int resources) {
        if (resources < 1 || resources > MOST) {
            throw new IllegalArgumentException("resources must be from 1 to " + MOST + ", not " + resources);
        }
        return resources <= PackedIndices.MOST ? new PackedIndices(resources) : new QueuedIndices(resources);
    }

    /** What is inside the gate while nobody is. */
    abstract int allFree();

    /** What is inside the gate when one more has come in, or {@link Gate#CLOSED}. */
    abstract int withOneMore(int inside);

    /** How many are in use. */
    abstract int held(int inside);

    /** For one that has been counted in: its index. Called once for each. */
    abstract int take(int insideBefore);

    /** For one that leaves: its index is free from now on. */
    abstract void giveBack(Gate gate, int index);

    /** For the attendant: the index was not needed, and has been free as long as before. */
    abstract void putBack(Gate gate, int index);
}
