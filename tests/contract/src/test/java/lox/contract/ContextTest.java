package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each task runs in the context of its own scatter: a thread-local that is registered with io.micrometer:context-propagation has the
 * value that it had there, or none.
 */
@WithThreads("the test's task runs elsewhere: see AsyncTest")
class ContextTest extends ContractTest {
    private static final String KEY = "lox-contract-user";
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

    private static boolean isElsewhere(Setup setup) {
        return setup.kind() == Setup.Kind.PROCESSES;
    }

    private static String who(int index) {
        String user = index + ":" + USER.get();
        USER.set("left behind by " + index);
        return user;
    }

    private static void as(@Nullable String user) {
        if (user == null) {
            USER.remove();
        } else {
            USER.set(user);
        }
    }

    @OnAllWorkers
    void shouldRestoreWhatWasThereAtTheScatterAndClearWhatWasNot(Setup setup) {
        if (isElsewhere(setup)) {
            return;
        }
        Face<Integer, String> function = function(setup, 1, ContextTest::who);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String user = i % 3 == 0 ? null : "user " + i % 5;
            as(user);
            function.scatter(i);
            assertThat(USER.get()).isEqualTo(user);
            expected.add(i + ":" + user);
        }

        assertThat(function.gather().await()).isEqualTo(expected);
    }

    @OnAllWorkers
    void shouldDoSoForASubmit(Setup setup) {
        if (isElsewhere(setup)) {
            return;
        }
        Face<Integer, String> function = function(setup, 1, ContextTest::who);

        as("bob");
        Result<String> first = function.submit(1);
        as(null);
        Result<String> second = function.submit(2);

        assertThat(first.await()).isEqualTo("1:bob");
        assertThat(second.await()).isEqualTo("2:null");
    }

    @OnAllWorkers
    void shouldDoSoForAMap(Setup setup) {
        if (isElsewhere(setup) || !setup.library().hasSubscribers()) {
            return; // in plain Java the elements are taken by the thread that pulls: see below
        }
        Face<Integer, String> function = function(setup, 1, ContextTest::who);

        as("bob");
        Result<List<String>> first = function.map(List.of(1, 2, 3));
        assertThat(first.await()).containsExactly("1:bob", "2:bob", "3:bob");
        as(null);
        Result<List<String>> second = function.map(List.of(4, 5));
        assertThat(second.await()).containsExactly("4:null", "5:null");
    }

    @Test
    void shouldDoSoForAMapThatIsPulled() {
        Scatter<Integer, String> function = Lox.thread(1, ContextTest::who);

        as("bob");
        Iterator<String> results = function.map(List.of(1, 2, 3), 1).iterator();
        assertThat(results.next()).isEqualTo("1:bob");
        as(null);
        assertThat(results.next()).isEqualTo("2:null");
        as("eve");
        assertThat(results.next()).isEqualTo("3:eve");
    }

    @OnAllWorkers
    void shouldDoSoInEachFunctionOfAChain(Setup setup) {
        if (isElsewhere(setup)) {
            return;
        }
        Face<Integer, String> chain = function(setup, 1, ContextTest::who)
                .then(function(setup, 1, so -> so + " " + who(0)))
                .then(function(setup, 1, so -> so + " " + who(1)));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String user = i % 3 == 0 ? null : "user " + i % 5;
            as(user);
            chain.scatter(i);
            expected.add(i + ":" + user + " 0:" + user + " 1:" + user);
        }

        assertThat(chain.gather().await()).isEqualTo(expected);
    }

    @OnSharedAndInlineWorkers
    void shouldDoSoForEachAttempt(Setup setup) {
        if (isElsewhere(setup)) {
            return;
        }
        AtomicInteger attempts = new AtomicInteger();
        Face<Integer, String> function = open(setup, 1, builder -> builder.retry(1, failure -> true))
                .function(i -> {
                    String user = who(i);
                    if (attempts.incrementAndGet() % 2 == 1) {
                        throw new IllegalStateException(user);
                    }
                    return user;
                });

        as("bob");
        function.scatter(0);
        as(null);
        function.scatter(1);

        assertThat(function.gather().await()).containsExactly("0:bob", "1:null");
    }

    @Test
    void shouldGiveATaskThatHelpsItsOwnContextBack() {
        try (Workers one = Workers.threads(1).build()) {
            Scatter<Integer, String> inner = Lox.on(one, ContextTest::who);
            Scatter<Integer, String> outer = Lox.on(one, i -> {
                inner.scatter(0);
                USER.set("eve");
                inner.scatter(1);
                USER.remove();
                inner.scatter(2);
                USER.set("outer again");
                return inner.gather() + " " + USER.get();
            });

            as("bob");
            outer.scatter(0);
            as(null);

            assertThat(outer.gather()).containsExactly("[0:bob, 1:eve, 2:null] outer again");
        }
    }
}
