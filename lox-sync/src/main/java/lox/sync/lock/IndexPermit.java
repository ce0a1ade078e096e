package lox.sync.lock;

/** The right to use one of the resources of an {@link IndexSemaphore}, and the knowledge which one. */
public interface IndexPermit extends Permit {
    /**
     * Which resource is the holder's. It is this holder's alone until this permit is closed; afterwards the number
     * still says which one it was.
     *
     * @return from 0 to the number of resources less one
     */
    int index();
}
