package lox.sync.engine;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;

/** The operations of a dispatcher whose lanes run in the thread that launches them, and what they have to look like. */
public abstract class LinearizableOperations {
    private final Dispatcher<Integer, Integer> dispatcher;

    LinearizableOperations(Dispatcher<Integer, Integer> dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Runs its lanes at once, so that the model checker sees every step of producers, lanes and gatherers. */
    static Dispatcher<Integer, Integer> function(String name) {
        LanePool pool = new LanePool(name, 2, Integer.MAX_VALUE, Runnable::run, () -> {});
        return new Dispatcher<>(argument -> argument, pool, pool, new EngineDialect());
    }

    /** The checker takes the recursion of {@link StackRoom}, which shares nothing, for an endless loop. */
    static ModelCheckingOptions everyInterleaving() {
        return new ModelCheckingOptions()
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(StackRoom.class.getName())
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
        List<Integer> sizes = new ArrayList<>();
        gathering.observe(new Completion.Observer<>() {
            @Override
            public void succeeded(List<Integer> results) {
                sizes.add(results.size());
            }

            @Override
            public void failed(Throwable failure) {
                throw new IllegalStateException(failure);
            }
        });
        return sizes.get(0);
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
