package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Branches of one shared source, which gives to all or to none. */
class FunnelJoinPrefetchTest {
    private static final int VALUES = 3_000;
    private static final int APART = 1_000;

    /** The second value of a job comes so many values behind the first. */
    private static Flux<Integer> joined(int prefetch) {
        Flux<Integer> shared = Flux.range(0, VALUES).publish().refCount(2);
        return Joins.join(shared, i -> i, shared, i -> i - APART, (id, first, second) -> second - first, prefetch);
    }

    @ParameterizedTest
    @ValueSource(ints = {2 * APART, Integer.MAX_VALUE})
    void shouldJoinWhatIsNoFurtherApartThanThePrefetch(int prefetch) {
        assertThat(joined(prefetch).collectList().block(Patience.LIMIT))
                .hasSize(VALUES - APART)
                .containsOnly(APART);
    }

    @Test
    void shouldRefuseAPrefetchOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> joined(0)).withMessageContaining("0");
    }
}
