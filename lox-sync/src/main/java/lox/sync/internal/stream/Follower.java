package lox.sync.internal.stream;

import lox.sync.internal.result.Completion;

/** A consumer of a batch's results, one by one. It learns of the batch's end as any other observer does. */
public interface Follower extends Completion.Observer<Integer> {
    /**
     * Whether this follower would take a result that is ready now. Called by lanes and only a hint: {@link #advance}
     * checks again.
     */
    boolean isWaiting();

    /** Called when a result may be ready, or the batch has ended. Must not block. */
    void advance();
}
