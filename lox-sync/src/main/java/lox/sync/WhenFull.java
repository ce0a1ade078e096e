package lox.sync;

/** What happens to a value that would begin one more job than the limit of pending jobs allows. */
public enum WhenFull {
    /** The put fails with a {@link FunnelFullException} and changes nothing. */
    FAIL,

    /**
     * The put waits until there is room, or until its job has been begun by another input, which needs no room. A
     * publisher that feeds an input is not asked for more meanwhile, so no thread waits for its sake. If all inputs
     * wait and nothing expires, they wait for ever: choose a limit above the distance at which values of one job follow
     * each other.
     */
    WAIT,

    /** The job that has been pending longest is discarded, with {@link DiscardReason#EVICTED}. */
    DISCARD_OLDEST
}
