package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import lox.test.Patience;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Checks that scatter and gather are linearizable: every scatter belongs to exactly one batch, has the index that was free, and
 * a gather closes exactly what was scattered before it.
 */
public class DispatcherLincheckTest extends LinearizableOperations {
    public DispatcherLincheckTest() {
        super(function("lincheck"));
    }

    @Tag("interleavings")
    @Test
    void shouldBeLinearizableInEveryInterleaving() {
        everyInterleaving()
                .iterations(3)
                .invocationsPerIteration(5 * INVOCATIONS)
                .threads(2)
                .actorsPerThread(2)
                .sequentialSpecification(Model.class)
                .check(DispatcherLincheckTest.class);
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
