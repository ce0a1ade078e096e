package lox.sync.internal.chain;

import lox.sync.internal.core.LinearizableOperations;
import lox.sync.internal.engine.Dispatchers;
import lox.test.Patience;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same for a chain of two functions, whose items wait in the batch's own slots: also where the batch ends meanwhile. */
public class ChainLincheckTest extends LinearizableOperations {
    public ChainLincheckTest() {
        super(Dispatchers.chain(function("one"), function("two")));
    }

    @Tag("interleavings")
    @Test
    void shouldBeLinearizableInEveryInterleaving() {
        everyInterleaving()
                .iterations(2)
                .invocationsPerIteration(5 * INVOCATIONS)
                .threads(2)
                .actorsPerThread(2)
                .sequentialSpecification(Model.class)
                .check(ChainLincheckTest.class);
    }

    @Tag("race")
    @Test
    void shouldBeLinearizableUnderStress() {
        new StressOptions()
                .invocationTimeout$lincheck(Patience.LIMIT.toMillis())
                .iterations(3)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(Model.class)
                .check(ChainLincheckTest.class);
    }
}
