package lox.sync.internal.hot;

/**
 * Take-overs one right after the other: the drainer of the first round got stuck, the round after it took over and got
 * stuck as well, and so on to the last. None of them but the last has offered its items to every subscriber, so who
 * waits for the first has to wait for the last.
 *
 * @param first the round that was superseded first
 * @param last the round that has taken over last
 */
record TakeOvers(long first, long last) {
    /** Before the first take-over. */
    static final TakeOvers NONE = new TakeOvers(0, 0);

    /** Adds the round that takes over from the one before it. */
    TakeOvers with(long round) {
        if (round == last) {
            return this;
        }
        long superseded = DrainState.roundBefore(round);
        return new TakeOvers(superseded == last ? first : superseded, round);
    }

    /** Whether a later round is one of those that have taken over from a round, one after the other. */
    boolean haveSuperseded(long round, long later) {
        long begun = DrainState.distance(first, round);
        long end = DrainState.distance(first, later);
        return begun < end && end <= DrainState.distance(first, last);
    }
}
