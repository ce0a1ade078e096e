package lox.sync.internal.chain;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ChainPools;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.Relay;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/** A relay that runs the next function of a chain on the thread that ran the previous one. */
final class InlineRelay implements Relay {
    private final ChainPools pools;
    private final Lanes lanes;
    private final InterruptGuard guard;

    /** Creates the relay of one lane of the previous function, with that lane's interrupt guard. */
    InlineRelay(ChainPools pools, Lanes lanes, InterruptGuard guard) {
        this.pools = pools;
        this.lanes = lanes;
        this.guard = guard;
    }

    @Override
    public void pass(Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
        pools.checkNotClosed();
        chunk.forget(index); // no longer needed
        guard.leave(); // the next function runs in a lane of its own, which is interrupted for the batch itself
        lanes.make().runHere(home, index, content);
        guard.enter(home);
    }

    @Override
    public void publish() {}

    @Override
    public boolean hasUnshown() {
        return false;
    }

    @Override
    public void show() {}
}
