package lox.sync.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task does while it waits for a batch of its own pool: it works for that batch, in the place of a worker the batch needs.
 * So tasks may scatter and gather as deep as they like, with one worker too.
 *
 * <p>The later functions of a chain get their items whenever they are ready, and nobody tells a task that occupies their place. It
 * looks from time to time: soon after it has found something, and the more seldom the longer it finds nothing. Belongs to one wait.
 */
final class Helping {
    private static final long SHORTEST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final List<Dispatcher<?, ?>> stages;
    private final Batch batch;
    private long pause = SHORTEST_PAUSE_NANOS;

    private Helping(List<Dispatcher<?, ?>> stages, Batch batch) {
        this.stages = stages;
        this.batch = batch;
    }

    /** In a worker of the same pool: works for a batch that the caller is about to wait for. */
    static void first(Dispatcher<?, ?> dispatcher, Batch batch) {
        // Where tasks run in the thread that scatters them there is nothing to be found.
        if (!dispatcher.pool().isInline()
                && Lane.isWorkerOf(dispatcher.pool())
                && !Thread.currentThread().isInterrupted()) {
            new Lane(dispatcher).help(batch);
        }
    }

    /** What a caller has to do from time to time while it waits, because a later stage needs its very place; or null. */
    static @Nullable Helping meanwhile(Dispatcher<?, ?> dispatcher, Batch batch) {
        if (dispatcher.next() == null) {
            return null;
        }
        List<Dispatcher<?, ?>> needed = new ArrayList<>();
        for (Stage after = dispatcher.next(); after != null; after = after.next()) {
            if (Lane.isWorkerOf(after.dispatcher().pool())) {
                needed.add(after.dispatcher());
            }
        }
        return needed.isEmpty() ? null : new Helping(needed, batch);
    }

    /** Works for the stages that have something to do. Returns in how many nanoseconds to come again, at the latest. */
    long work() {
        boolean found = false;
        for (Dispatcher<?, ?> stage : stages) {
            found |= new Lane(stage).helpStage(batch);
        }
        pause = found ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        return pause;
    }
}
