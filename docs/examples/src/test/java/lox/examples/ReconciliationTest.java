package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import lox.examples.funnel.Reconciliation;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
    @Test
    void shouldTellWhatOnlyOneSideKnows() throws Exception {
        assertThat(Printed.by(() -> Reconciliation.main(new String[0])))
                .containsExactly("a: 90 cents are missing", "b: sold, not booked", "d: booked, not sold");
    }
}
