package lox.sync.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task does while it waits for a batch of its own pool: it works for that batch, in the place of a worker the batch needs.
 * So tasks may scatter and gather as deep as they like, with one worker too.
 */
final class Helping {
    private Helping() {}

    /** In a worker of the same pool: works for a batch that the caller is about to wait for. */
    static void first(Dispatcher<?, ?> dispatcher, Batch batch) {
        if (Lane.isWorkerOf(dispatcher.pool()) && !Thread.currentThread().isInterrupted()) {
            new Lane(dispatcher).help(batch);
        }
    }

    /** What a caller has to do from time to time while it waits, because a later stage needs its very place; or null. */
    static @Nullable Runnable meanwhile(Dispatcher<?, ?> dispatcher, Batch batch) {
        if (dispatcher.next() == null) {
            return null;
        }
        List<Dispatcher<?, ?>> needed = new ArrayList<>();
        for (Stage after = dispatcher.next(); after != null; after = after.next()) {
            if (Lane.isWorkerOf(after.dispatcher().pool())) {
                needed.add(after.dispatcher());
            }
        }
        return needed.isEmpty() ? null : () -> needed.forEach(after -> new Lane(after).helpStage(batch));
    }
}
