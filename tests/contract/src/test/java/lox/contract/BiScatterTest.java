package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

class BiScatterTest extends ContractTest {
    private <T extends @Nullable Object, U extends @Nullable Object> Face<Pair<T, U>, String> joiner(Site site) {
        return site.functionOfTwo((T a, U b) -> {
            if (Objects.equals(a, "bad")) {
                throw new IllegalArgumentException("bad pair");
            }
            return a + "-" + b;
        });
    }

    @OnSharedWorkers
    void shouldGatherInScatterOrder(Setup setup) {
        Face<Pair<Integer, String>, String> join = joiner(open(setup, 2));

        for (int i = 0; i < 100; i++) {
            assertThat(join.scatter(new Pair<>(i, "x"))).isEqualTo(i);
        }

        assertThat(join.gather().await())
                .isEqualTo(numbers(0, 100).stream().map(i -> i + "-x").toList());
        assertThat(join.pending()).isZero();
    }

    @OnSharedWorkers
    void shouldCallAndSubmit(Setup setup) {
        Face<Pair<Integer, String>, String> join = joiner(open(setup, 2));

        assertThat(join.call(new Pair<>(1, "a"))).isEqualTo("1-a");
        assertThat(join.submit(new Pair<>(2, "b")).await()).isEqualTo("2-b");
        join.scatter(new Pair<>(2, "b"));
        assertThat(join.gather((done, failed, total) -> assertThat(total).isEqualTo(1))
                        .await())
                .containsExactly("2-b");
    }

    @OnSharedWorkers
    void shouldNameBothArgumentsOfAFailure(Setup setup) {
        Face<Pair<String, Integer>, String> join = joiner(open(setup, 2, builder -> builder.named("joiner")));

        join.scatter(new Pair<>("good", 1));
        join.scatter(new Pair<>("bad", 42));
        Throwable failure = join.gather().awaitFailure();

        assertThat(failure).isInstanceOf(IllegalArgumentException.class).hasMessage("bad pair");
        assertThat(origin(failure)).contains("joiner").contains("bad").contains("42");
    }

    @OnSharedWorkers
    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    void shouldPassNullsOn(Setup setup) {
        Face<Pair<@Nullable String, @Nullable String>, String> join = joiner(open(setup, 2));

        join.scatter(new Pair<>(null, "b"));
        join.scatter(new Pair<>("a", null));
        join.scatter(new Pair<>(null, null));

        assertThat(join.gather().await()).containsExactly("null-b", "a-null", "null-null");
    }

    @OnSharedWorkers
    void shouldSettleAndDelay(Setup setup) {
        Face<Pair<String, Integer>, String> join = joiner(open(setup, 2));

        join.scatter(new Pair<>("a", 1));
        join.scatter(new Pair<>("bad", 2));
        List<Outcome<String>> outcomes = join.gatherSettled().await();
        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(0, "a-1"));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);

        join.scatter(new Pair<>("bad", 3));
        join.scatter(new Pair<>("b", 4));
        assertThat(join.gatherDelayError().awaitFailure()).hasMessage("bad pair");
    }

    @WithThreads("there are no calls at once without workers")
    @InThisJvm("it looks at the caller's thread; here the task would run at home on another one")
    @OnSharedWorkers
    void shouldBeInlineWithZeroWorkers(Setup setup) {
        Face<Pair<Integer, Integer>, Thread> function = open(setup, 0).functionOfTwo((a, b) -> Thread.currentThread());

        function.scatter(new Pair<>(1, 2));

        assertThat(function.gather().await()).containsExactly(Thread.currentThread());
    }
}
