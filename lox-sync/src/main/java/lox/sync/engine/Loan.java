package lox.sync.engine;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The worker that a lane has borrowed, from the pool or from a lane further out in the same thread. For that thread. */
final class Loan {
    private final RemoteWorkers workers;
    private @Nullable RemoteWorker worker;
    private boolean fromOuterLane; // whose task told somebody who gathers

    Loan(RemoteWorkers workers) {
        this.workers = workers;
    }

    /** Uses the worker of another lane in the same thread, whose own run is under way: a pool of one has no other. */
    void share(Loan outer) {
        RemoteWorker lent = outer.worker;
        if (lent != null && lent.isUsable()) {
            worker = lent;
            fromOuterLane = true;
        }
    }

    /** The worker it has; if that is of no use any more, or there is none, another. Null if none is wanted any more. */
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

    void giveBack() {
        RemoteWorker lent = worker;
        worker = null;
        if (lent != null && !fromOuterLane) {
            lent.giveBack();
        }
        fromOuterLane = false;
    }
}
