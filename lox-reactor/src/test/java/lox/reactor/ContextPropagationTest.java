package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Thread-locals that are registered with io.micrometer:context-propagation travel from scatter to the task. */
class ContextPropagationTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final String KEY = "lox-user";
    private static final ThreadLocal<@Nullable String> USER = new ThreadLocal<>();

    @BeforeEach
    @SuppressWarnings("NullAway") // its signature does not say that a thread-local may be empty; it may
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER);
    }

    @AfterEach
    void remove() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        USER.remove();
    }

    @Test
    void shouldCarryTheCallersThreadLocalToEachTask() {
        Scatter<Integer, String> function = Lox.thread(2, i -> i + " by " + USER.get());

        USER.set("ada");
        function.scatter(0);
        USER.set("bob");
        function.scatter(1);
        Mono<String> single = function.submit(2);
        USER.remove();
        function.scatter(3);

        assertThat(function.gather().block(LIMIT)).containsExactly("0 by ada", "1 by bob", "3 by null");
        assertThat(single.block(LIMIT)).isEqualTo("2 by bob");
        assertThat(USER.get()).isNull();
    }

    @Test
    void shouldGiveTheWorkerItsOwnValueBack() {
        Scatter<Integer, String> function = Lox.thread(1, i -> {
            String seen = String.valueOf(USER.get());
            USER.set("left behind by " + i);
            return seen;
        });

        USER.set("ada");
        function.scatter(0);
        function.scatter(1);
        assertThat(function.gather().block(LIMIT)).containsExactly("ada", "ada");
        USER.remove();
        AtomicReference<String> onTheWorker = new AtomicReference<>("nobody ran");
        Mono.fromRunnable(() -> onTheWorker.set("outside a task: " + USER.get()))
                .subscribeOn(function.scheduler())
                .block(LIMIT);

        assertThat(onTheWorker.get()).isEqualTo("outside a task: null");
    }

    @Test
    void shouldRestoreTheCallersValueWhereTasksRunInItsThread() {
        Scatter<Integer, String> function = Lox.thread(0, i -> {
            String seen = String.valueOf(USER.get());
            USER.set("changed");
            return seen;
        });

        USER.set("ada");
        function.scatter(0);

        assertThat(USER.get()).isEqualTo("ada");
        assertThat(function.gather().block(LIMIT)).containsExactly("ada");
    }

    @Test
    void shouldCarryTheReactorContextWherePropagationIsAutomatic() {
        Hooks.enableAutomaticContextPropagation();
        try {
            Scatter<Integer, String> function = Lox.thread(2, i -> i + " by " + USER.get());

            List<String> gathered = Mono.just(7)
                    .flatMap(i -> {
                        function.scatter(i);
                        return function.gather();
                    })
                    .contextWrite(context -> context.put(KEY, "eve"))
                    .block(LIMIT);

            assertThat(gathered).containsExactly("7 by eve");
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void shouldCarryWhatTheSubscriberHasToEachTaskOfAMap() {
        Scatter<Integer, String> function = Lox.thread(2, i -> i + " by " + USER.get());

        USER.set("ada");
        assertThat(function.map(Flux.range(0, 2)).collectList().block(LIMIT)).containsExactly("0 by ada", "1 by ada");
        assertThat(function.map(Flux.range(0, 2))
                        .contextWrite(context -> context.put(KEY, "bob"))
                        .collectList()
                        .block(LIMIT))
                .containsExactly("0 by bob", "1 by bob");
        assertThat(USER.get()).isEqualTo("ada");
    }
}
