package lox.sync.engine;

/** Somebody who follows the results of a batch one by one. The end of the batch is told as to any other observer. */
interface Follower extends Completion.Observer<Integer> {
    /** Whether it would take a result now that is there. Asked by lanes, and only a hint: {@link #advance} looks again. */
    boolean isWaiting();

    /** There may be a result, or the end. Must not block. */
    void advance();
}
