package lox.sync.internal.engine;

import java.util.ArrayList;
import java.util.List;
import lox.sync.internal.async.AsyncRunner;
import lox.sync.internal.chain.Stage;
import lox.sync.internal.chain.StageRunner;
import lox.sync.internal.claim.StageTaskSource;
import lox.sync.internal.core.ChainStep;
import lox.sync.internal.core.DelayedRetries;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.RangeRunner;
import lox.sync.internal.core.RetryingRunner;
import lox.sync.internal.core.ThreadRunner;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.remote.RemoteRunner;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the engine: creates the {@link Dispatcher} of a function or of a chain, with the runners that suit its
 * workers.
 */
public final class Dispatchers {
    private Dispatchers() {}

    /**
     * Creates the dispatcher of a function.
     *
     * @param work the function
     * @param pool where its lanes run
     * @param dialect the library it serves
     * @param <A> the type of the arguments
     * @param <R> the type of the results
     * @return the dispatcher
     */
    public static <A extends @Nullable Object, R extends @Nullable Object> Dispatcher<A, R> of(
            Work<A, R> work, LanePool pool, Dialect dialect) {
        return of(work, pool, dialect, Integer.MAX_VALUE);
    }

    /** Creates a dispatcher with another bound on the size of a batch, for tests. */
    public static <A extends @Nullable Object, R extends @Nullable Object> Dispatcher<A, R> of(
            Work<A, R> work, LanePool pool, Dialect dialect, int capacity) {
        return new Dispatcher<>(List.of(new ChainStep(work, pool)), dialect, capacity, Dispatchers::runner, null);
    }

    /**
     * Chains two functions, or chains. The two given dispatchers keep batches of their own.
     *
     * @param first its results are the arguments of the second
     * @param second takes the results; only its functions and their workers are used
     * @param <A> the type of the arguments
     * @param <R> the type of the first one's results
     * @param <S> the type of the second one's results
     * @return the chain; its batches are gathered in the order of its scatters
     * @throws IllegalArgumentException if the chain would have more than 121 functions
     */
    public static <A extends @Nullable Object, R extends @Nullable Object, S extends @Nullable Object>
            Dispatcher<A, S> chain(Dispatcher<A, R> first, Dispatcher<? super R, S> second) {
        List<ChainStep> steps = new ArrayList<>(first.steps());
        steps.addAll(second.steps());
        if (steps.size() - 1 > Slots.MOST_STAGES) {
            throw new IllegalArgumentException("a chain has at most " + (Slots.MOST_STAGES + 1)
                    + " functions, but with next it would have " + steps.size());
        }
        Stage next = null;
        for (int i = steps.size() - 1; i > 0; i--) {
            next = new Stage(steps.get(i), i, first.dialect(), Dispatchers::stageRunner, next);
        }
        Dispatcher<A, S> chain =
                new Dispatcher<>(List.copyOf(steps), first.dialect(), first.capacity(), Dispatchers::runner, next);
        if (next != null) {
            next.follow(chain);
        }
        return chain;
    }

    private static RangeRunner runner(LaneSettings settings, Lanes lanes, InterruptGuard guard) {
        RemoteWorkers remote = settings.pool().remote();
        if (remote != null) {
            return new RemoteRunner(settings, lanes, guard, remote, null);
        }
        if (settings.pool().isAsynchronous()) {
            return new AsyncRunner(settings, lanes, guard, null);
        }
        DelayedRetries retries = settings.retries();
        return retries == null ? new ThreadRunner(settings, guard) : new RetryingRunner(settings, guard, retries);
    }

    private static RangeRunner stageRunner(Stage stage, LaneSettings settings, Lanes lanes, InterruptGuard guard) {
        RemoteWorkers remote = settings.pool().remote();
        if (remote != null) {
            return new RemoteRunner(settings, lanes, guard, remote, new StageTaskSource(stage));
        }
        return settings.pool().isAsynchronous()
                ? new AsyncRunner(settings, lanes, guard, new StageTaskSource(stage))
                : new StageRunner(stage, settings, lanes, guard);
    }
}
