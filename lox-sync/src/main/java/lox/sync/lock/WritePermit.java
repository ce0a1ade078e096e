package lox.sync.lock;

/** The right to write, which may be turned into the right to read without letting another writer in between. */
public interface WritePermit extends Permit {
    /**
     * Turns this permit into a permit to read, and grants the readers that are next in the queue. From now on this
     * permit is closed, and closing it does nothing; the permit returned has to be closed instead.
     *
     * @return the permit to read
     * @throws IllegalStateException if this permit has been closed or downgraded before
     */
    Permit downgrade();
}
