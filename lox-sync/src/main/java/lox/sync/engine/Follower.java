package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/** Somebody who follows the results of a batch one by one. Its position is how many of them it has received. */
abstract class Follower implements Completion.Observer<Integer> {
    private volatile int position;
    private volatile @Nullable Throwable failure;

    final int position() {
        return position;
    }

    /** For the one who receives: the next result has been taken. */
    final void step() {
        position++; // one thread at a time
    }

    /** What has ended the batch, if it has failed. */
    final @Nullable Throwable failure() {
        return failure;
    }

    /** Whether it would take a result now. Asked by lanes, and only a hint: {@link #advance} looks again. */
    abstract boolean isWaiting();

    /** There may be a result, or the end. Must not block. */
    abstract void advance();

    @Override
    public final void succeeded(Integer size) {
        advance();
    }

    @Override
    public final void failed(Throwable thrown) {
        failure = thrown;
        advance();
    }
}
