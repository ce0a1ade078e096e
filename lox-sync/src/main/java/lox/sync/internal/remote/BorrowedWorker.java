package lox.sync.internal.remote;

import java.util.function.BooleanSupplier;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import org.jspecify.annotations.Nullable;

/**
 * The worker that a lane has borrowed, from the pool or from an enclosing lane on the same thread. Confined to that
 * thread, but for the worker's name.
 */
final class BorrowedWorker {
    private final RemoteWorkers workers;
    private volatile @Nullable RemoteWorker worker;
    private boolean fromOuterLane; // whose task called a listener that runs this lane; it gives the worker back

    BorrowedWorker(RemoteWorkers workers) {
        this.workers = workers;
    }

    /** Uses the worker of another lane on the same thread, whose own run is in progress: a pool of one has no other. */
    void share(BorrowedWorker outer) {
        RemoteWorker lent = outer.worker;
        if (lent != null && lent.isUsable()) {
            worker = lent;
            fromOuterLane = true;
        }
    }

    /** Returns the current worker or, if it is unusable or absent, borrows another. Null if none is wanted any more. */
    @Nullable
    RemoteWorker take(BooleanSupplier wanted) {
        RemoteWorker lent = worker;
        if (lent == null || !lent.isUsable()) {
            giveBack();
            lent = workers.lend(wanted);
            worker = lent;
        }
        return lent;
    }

    /** For any thread: the name of the current worker; null if there is none. */
    @Nullable
    String name() {
        RemoteWorker lent = worker;
        return lent == null ? null : lent.name();
    }

    void giveBack() {
        RemoteWorker lent = worker;
        worker = null;
        if (lent != null && !fromOuterLane) {
            lent.giveBack();
        }
        fromOuterLane = false;
    }
}
