package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.functions.Function3;
import io.reactivex.rxjava3.functions.Function4;
import io.reactivex.rxjava3.functions.Function5;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RxJava's functions, which may throw, and branches of one shared source, which gives to all or to none. */
class FunnelJoinTest {
    private static final int VALUES = 3_000;
    private static final int APART = 1_000;

    private final IOException broken = new IOException("broken");
    private final Flowable<Integer> numbers = Flowable.range(0, 3);
    private final Function<Integer, Integer> itself = i -> i;

    @Test
    void shouldTakeRxJavasFunctions() {
        Function3<Integer, Integer, Integer, Integer> two = (id, a, b) -> a + b;
        Function4<Integer, Integer, Integer, Integer, Integer> three = (id, a, b, c) -> a + b + c;
        Function5<Integer, Integer, Integer, Integer, Integer, Integer> four = (id, a, b, c, d) -> a + b + c + d;

        Joins.join(numbers, itself, numbers, itself, two).test().assertResult(0, 2, 4);
        Joins.join(numbers, itself, numbers, itself, numbers, itself, three)
                .test()
                .assertResult(0, 3, 6);
        Joins.join(numbers, itself, numbers, itself, numbers, itself, numbers, itself, four)
                .test()
                .assertResult(0, 4, 8);
    }

    @Test
    void shouldEndWithTheCheckedExceptionOfAnIdFunction() {
        Joins.join(
                        numbers,
                        itself,
                        numbers,
                        i -> {
                            throw broken;
                        },
                        (id, a, b) -> a)
                .test()
                .assertFailure(IOException.class)
                .assertError(failure -> failure == broken);
    }

    @Test
    void shouldEndWithTheCheckedExceptionOfTheJoin() {
        Joins.join(numbers, itself, numbers, itself, (id, a, b) -> {
                    throw broken;
                })
                .test()
                .assertError(failure -> failure == broken);
    }

    @Test
    void shouldEndWithTheCheckedExceptionOfAnInputsIdFunction() {
        Funnel<Integer> funnel = Funnel.create();
        Funnel.Input<Integer, Integer> input = funnel.input("numbers");

        input.from(numbers, i -> {
            throw broken;
        });

        funnel.asFlowable().test().assertError(failure -> failure == broken);
    }

    /** The second value of a job comes so many values behind the first. */
    private static Flowable<Integer> joined(int prefetch) {
        Flowable<Integer> shared = Flowable.range(0, VALUES).publish().refCount(2);
        return Joins.join(shared, i -> i, shared, i -> i - APART, (id, first, second) -> second - first, prefetch);
    }

    @ParameterizedTest
    @ValueSource(ints = {2 * APART, Integer.MAX_VALUE})
    void shouldJoinWhatIsNoFurtherApartThanThePrefetch(int prefetch) {
        assertThat(joined(prefetch)
                        .toList()
                        .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                        .blockingGet())
                .hasSize(VALUES - APART)
                .containsOnly(APART);
    }

    @Test
    void shouldRefuseAPrefetchOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> joined(0)).withMessageContaining("0");
    }
}
