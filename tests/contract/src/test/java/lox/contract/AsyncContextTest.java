package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lox.sync.RetryPolicy;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * A function that does not block is called in the context of its own scatter, as a task is in {@link ContextTest}, and subscribes there,
 * whichever thread ends the call before.
 */
class AsyncContextTest extends ContractTest {
    private static final String KEY = "lox-contract-caller";
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

    private static void as(@Nullable String user) {
        if (user == null) {
            USER.remove();
        } else {
            USER.set(user);
        }
    }

    /** What the function has seen when it was called, and when it subscribed. */
    private static final class Seen {
        private final List<String> called = Collections.synchronizedList(new ArrayList<>());
        private final List<String> subscribed = Collections.synchronizedList(new ArrayList<>());
        private final Calls calls = new Calls();

        Promise<Integer> call(Integer i) {
            called.add(i + ":" + USER.get());
            USER.set("left behind by " + i);
            return calls.beginSeen(i, () -> subscribed.add(i + ":" + USER.get()));
        }
    }

    private Workers workers(Setup setup, int most) {
        return open(new Setup(setup.library(), Setup.Kind.ASYNC), most).workers();
    }

    @InEachLibrary
    void shouldCallInTheContextOfTheScatter(Setup setup) {
        Seen seen = new Seen();
        Face<Integer, Integer> function = setup.library().promising(workers(setup, 2), seen::call);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String user = i % 3 == 0 ? null : "user " + i % 5;
            as(user);
            if (i % 2 == 0) {
                function.scatter(i);
            } else {
                assertThat(function.submit(i)).isNotNull();
            }
            assertThat(USER.get()).isEqualTo(user);
            expected.add(i + ":" + user);
        }
        as("who ends");
        while (seen.calls.endNext()) {
            assertThat(USER.get()).isEqualTo("who ends");
        }

        assertThat(seen.called).containsExactlyInAnyOrderElementsOf(expected);
        if (setup.library().hasSubscribers()) { // what the function has left behind is there when it subscribes
            assertThat(seen.subscribed).allMatch(what -> what.contains("left behind by"));
        }
        assertThat(function.gather().await()).hasSize(25);
    }

    @InEachLibrary
    void shouldSubscribeInTheContextOfTheScatter(Setup setup) {
        List<String> subscribed = Collections.synchronizedList(new ArrayList<>());
        Calls calls = new Calls();
        Face<Integer, Integer> function = setup.library()
                .promising(workers(setup, 1), i -> calls.beginSeen(i, () -> subscribed.add(i + ":" + USER.get())));

        as("bob");
        function.scatter(0);
        as("eve");
        function.scatter(1);
        as(null);
        function.scatter(2);
        as("who ends");
        assertThat(calls.endUntil(function.gather().subscribe())).isEqualTo(numbers(0, 3));

        assertThat(subscribed).containsExactly("0:bob", "1:eve", "2:null");
    }

    @InEachLibrary
    void shouldDoSoInEachFunctionOfAChain(Setup setup) {
        Seen first = new Seen();
        Seen second = new Seen();
        Face<Integer, Integer> chain = setup.library()
                .promising(workers(setup, 1), first::call)
                .then(setup.library().promising(workers(setup, 1), second::call));

        as("bob");
        chain.scatter(0);
        as(null);
        chain.scatter(1);
        as("who ends");
        Observation<List<Integer>> gathered = chain.gather().subscribe();
        Eventually.until("both have ended", () -> {
            first.calls.endNext();
            second.calls.endNext();
            return gathered.isOver();
        });

        assertThat(gathered.value()).isEqualTo(numbers(0, 2));
        assertThat(first.called).containsExactly("0:bob", "1:null");
        assertThat(second.called).containsExactly("0:bob", "1:null");
    }

    @InEachLibrary
    void shouldDoSoForEachAttempt(Setup setup) {
        for (RetryPolicy policy : List.of(
                RetryPolicy.times(1), RetryPolicy.times(1).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))) {
            Seen seen = new Seen();
            Face<Integer, Integer> function = setup.library()
                    .promising(
                            open(new Setup(setup.library(), Setup.Kind.ASYNC), 1, options -> options.retry(policy))
                                    .workers(),
                            seen::call);

            as("bob");
            function.scatter(0);
            as("who ends");
            seen.calls.takeNext().promise().fail(new IOException("on purpose"));
            seen.calls.awaitBegun(2);

            assertThat(seen.calls.endUntil(function.gather().subscribe())).containsExactly(0);
            assertThat(seen.called).containsExactly("0:bob", "0:bob");
        }
    }

    /** A Mono without a subscriber of the user's sees the thread-locals of the scatter in its Context. */
    @Test
    void shouldShowThemInReactorsContext() {
        Setup setup = new Setup(Library.REACTOR, Setup.Kind.ASYNC);
        Calls calls = new Calls();
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        lox.reactor.Scatter<Integer, Integer> function = lox.reactor.Lox.async(
                workers(setup, 1),
                i -> Mono.deferContextual(context -> {
                    seen.add(i + ":" + context.getOrDefault(KEY, null));
                    Promise<Integer> promise = calls.begin(i);
                    return Mono.create(sink -> promise.subscribe(new Promise.Signals<>() {
                        @Override
                        public void value(Integer value) {
                            sink.success(value);
                        }

                        @Override
                        public void failure(Throwable failure) {
                            sink.error(failure);
                        }
                    }));
                }));

        as("bob");
        function.scatter(0);
        as("eve");
        function.scatter(1);
        as(null);
        function.scatter(2);
        as("who ends");
        while (calls.endNext()) {
            assertThat(USER.get()).isEqualTo("who ends");
        }

        assertThat(function.gather().block(Duration.ofSeconds(Eventually.SECONDS)))
                .isEqualTo(numbers(0, 3));
        assertThat(seen).containsExactly("0:bob", "1:eve", "2:null");
    }
}
