package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thread-locals that are registered with io.micrometer:context-propagation travel from scatter to the task. */
class ContextPropagationTest {
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
        Single<String> single = function.submit(2);
        USER.remove();
        function.scatter(3);

        assertThat(function.gather().blockingGet()).containsExactly("0 by ada", "1 by bob", "3 by null");
        assertThat(single.blockingGet()).isEqualTo("2 by bob");
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
        assertThat(function.gather().blockingGet()).containsExactly("ada", "ada");
        USER.remove();
        AtomicReference<String> onTheWorker = new AtomicReference<>("nobody ran");
        Completable.fromAction(() -> onTheWorker.set("outside a task: " + USER.get()))
                .subscribeOn(function.scheduler())
                .blockingAwait();

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
        assertThat(function.gather().blockingGet()).containsExactly("ada");
    }
}
