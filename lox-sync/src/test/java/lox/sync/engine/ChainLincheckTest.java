package lox.sync.engine;

import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same for a chain of two functions, whose items wait in the batch's own slots: also where the batch ends meanwhile. */
@Timeout(300) // the model checker is slow where others use the processors, never hung
public class ChainLincheckTest extends LinearizableOperations {
    public ChainLincheckTest() {
        super(function("one").then(function("two")));
    }

    @Test
    void shouldBeLinearizableInEveryInterleaving() {
        everyInterleaving()
                .iterations(2)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(2)
                .sequentialSpecification(Model.class)
                .check(ChainLincheckTest.class);
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
                .check(ChainLincheckTest.class);
    }
}
