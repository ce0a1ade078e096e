package lox.sync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks that scatter and gather are linearizable: every scatter belongs to exactly one batch, has the index that was free, and
 * a gather closes exactly what was scattered before it. Lanes run in the thread that launches them, so that the model checker
 * sees every step of producers, lanes and gatherers.
 */
@Timeout(300) // the model checker is slow where others use the processors, never hung
public class DispatcherLincheckTest {
    private final Dispatcher<Integer, Integer> dispatcher = dispatcher();

    private static Dispatcher<Integer, Integer> dispatcher() {
        LanePool pool = new LanePool("lincheck", 2, Integer.MAX_VALUE, Runnable::run, () -> {});
        return new Dispatcher<>(argument -> argument, pool, pool, new EngineDialect());
    }

    @Operation
    public int scatter(int value) {
        return dispatcher.scatter(value);
    }

    /** How many results the batch has; its tasks may still be running in another thread. */
    @Operation
    public int gather() {
        Gathering<List<Integer>> gathering = dispatcher.gather(null);
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
    }

    @Test
    void shouldBeLinearizableInEveryInterleaving() {
        new ModelCheckingOptions()
                .iterations(3)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(2)
                .sequentialSpecification(Model.class)
                .check(DispatcherLincheckTest.class);
    }

    @Tag("race")
    @Test
    void shouldBeLinearizableUnderStress() {
        new StressOptions()
                .iterations(3)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(Model.class)
                .check(DispatcherLincheckTest.class);
    }

    @Test
    void shouldHaveTheModelItIsComparedWith() {
        Model model = new Model();
        assertThat(model.scatter(7)).isZero();
        assertThat(model.scatter(8)).isEqualTo(1);
        assertThat(model.gather()).isEqualTo(2);
        assertThat(model.gather()).isZero();
    }
}
