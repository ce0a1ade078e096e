package lox.sync.internal.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.StackProbe;
import lox.test.Patience;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;

/** The operations of a dispatcher whose lanes run in the thread that launches them, and what they have to look like. */
public abstract class LinearizableOperations {
    /** How many interleavings are tried, in a unit of one's own choice: a build tries few, a long look many. */
    protected static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 30);

    private final Dispatcher<Integer, Integer> dispatcher;

    protected LinearizableOperations(Dispatcher<Integer, Integer> dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Runs its lanes at once, so that the model checker sees every step of producers, lanes and gatherers. */
    protected static Dispatcher<Integer, Integer> function(String name) {
        LanePool pool = new LanePool(name, 2, Integer.MAX_VALUE, Runnable::run, () -> {});
        return Dispatchers.of(argument -> argument, pool, new EngineDialect());
    }

    /** The checker takes the recursion of {@link StackProbe}, which shares nothing, for an endless loop. */
    protected static ModelCheckingOptions everyInterleaving() {
        return new ModelCheckingOptions()
                .invocationTimeout$lincheck(
                        Patience.LIMIT.toMillis()) // or it takes what is slow for hung; of no other name
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(StackProbe.class.getName())
                        .allMethods()
                        .ignore());
    }

    @Operation
    public int scatter(int value) {
        return dispatcher.scatter(value);
    }

    /** How many results the batch has; its tasks may still be running in another thread. */
    @Operation
    public int gather() {
        return sizeOf(dispatcher.gather(null));
    }

    private static int sizeOf(Gathering<List<Integer>> gathering) {
        Batch underWay = gathering.batch();
        if (underWay != null) {
            return underWay.size();
        }
        CompletableFuture<Integer> size = new CompletableFuture<>();
        gathering.observe(new Completion.Observer<>() {
            @Override
            public void succeeded(List<Integer> results) {
                size.complete(results.size());
            }

            @Override
            public void failed(Throwable failure) {
                size.completeExceptionally(failure);
            }
        });
        return size.join(); // another thread may be about to deliver them
    }

    /** Ends the batch while its tasks may be anywhere. */
    @Operation
    public int discard() {
        Gathering<List<Integer>> gathering = dispatcher.gather(null);
        Batch underWay = gathering.batch();
        if (underWay == null) {
            return sizeOf(gathering);
        }
        underWay.cancel("discarded");
        return underWay.size();
    }

    /** What they have to look like: a counter of the scatters since the last gather. */
    public static class Model {
        private final List<Integer> batch = new ArrayList<>();

        public int scatter(int value) {
            batch.add(value);
            return batch.size() - 1;
        }

        public int gather() {
            int size = batch.size();
            batch.clear();
            return size;
        }

        public int discard() {
            return gather();
        }
    }
}
