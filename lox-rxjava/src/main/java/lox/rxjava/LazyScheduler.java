package lox.rxjava;

import io.reactivex.rxjava3.core.Scheduler;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.schedule.ScheduledServices;
import org.jspecify.annotations.Nullable;

/** The workers of a function as a scheduler, made when it is first asked for: most functions are used without. */
final class LazyScheduler {
    private final LanePool pool;
    private @Nullable Scheduler scheduler;

    LazyScheduler(LanePool pool) {
        this.pool = pool;
    }

    synchronized Scheduler get() {
        Scheduler made = scheduler;
        if (made == null) {
            made = new PoolScheduler(ScheduledServices.over(pool), "lox(" + pool.name() + ")");
            scheduler = made;
        }
        return made;
    }
}
