package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of the argument of a failed task: never in the way of the failure, bounded, and as the user wants it. */
class ArgumentDescriptionTest extends ContractTest {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile CountDownLatch described = new CountDownLatch(0);

    /** Its text comes when the latch is open, and needs the lock. */
    private static final class Slow implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            try {
                Eventually.open(described);
                if (LOCK.tryLock(Eventually.SECONDS, TimeUnit.SECONDS)) {
                    LOCK.unlock();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "slow";
        }
    }

    /** An exception of which nothing can be had. */
    private static final class Mute extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("no message");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("no text");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new UnsupportedOperationException("no cause");
        }
    }

    private record Login(String user, String password) implements Serializable {}

    private Face<@Nullable Object, Integer> failing(Setup setup, UnaryOperator<Workers.Builder> options) {
        return open(setup, 1, builder -> options.apply(builder.named("fail"))).function(ignored -> {
            throw new IllegalStateException("no");
        });
    }

    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    private static String origin(Face<@Nullable Object, Integer> function, @Nullable Object argument) {
        function.scatter(argument);
        return origin(function.gather().awaitFailure());
    }

    // ---- not in the way --------------------------------------------------------------------------------------------

    @OnAllWorkers
    void shouldDeliverAFailureWhoseArgumentCannotBeDescribedNow(Setup setup) {
        described = new CountDownLatch(1);
        Face<@Nullable Object, Integer> function = failing(setup, builder -> builder);
        LOCK.lock();
        try {
            function.scatter(new Slow());
            assertThat(function.gather().awaitFailure()).isInstanceOf(IllegalStateException.class); // and is back
            assertThat(function.submit(new Slow()).awaitFailure()).isInstanceOf(IllegalStateException.class);
        } finally {
            LOCK.unlock();
            described.countDown();
        }
    }

    @InEachLibrary
    void shouldGiveUpATextThatDoesNotCome(Setup setup) {
        described = new CountDownLatch(1);
        try {
            Face<@Nullable Object, Integer> function = failing(setup, builder -> builder);
            function.scatter(new Slow());
            Throwable failure = function.gather().awaitFailure();
            Thread.currentThread().interrupt();

            assertThat(origin(failure)).startsWith("scatter 0 of \"fail\"").contains(Slow.class.getName());
            assertThat(Thread.interrupted())
                    .as("the caller's flag is left alone")
                    .isTrue();
        } finally {
            described.countDown();
        }
    }

    @OnAllWorkers
    void shouldDeliverAFailureOfWhichNothingCanBeHad(Setup setup) {
        Face<Integer, Integer> function = function(setup, 1, i -> {
            if (i < 0) {
                throw new Mute();
            }
            return i;
        });
        for (int round = 0; round < 3; round++) {
            function.scatter(-1);
            Throwable received = setup.library().failureOfTask(function.gather().awaitFailure());
            if (setup.kind() != Setup.Kind.PROCESSES) { // where what cannot be described travels as something else
                assertThat(received.getClass()).isEqualTo(Mute.class);
            }
            scatterAll(function, -2, 0);
            assertThat(setup.library()
                            .failuresOfTasks(function.gatherDelayError().awaitFailure()))
                    .hasSize(2);
            function.scatter(1);
            assertThat(function.gather().await()).containsExactly(1);
        }
    }

    // ---- bounded ---------------------------------------------------------------------------------------------------

    @InEachLibrary
    void shouldLookAtTheFirstElementsOnly(Setup setup) {
        AtomicInteger asked = new AtomicInteger();
        Object element = new Object() {
            @Override
            public String toString() {
                asked.incrementAndGet();
                return "an element";
            }
        };
        Map<Object, Object> map = new HashMap<>();
        IntStream.range(0, 100_000).forEach(i -> map.put(i, element));
        Face<@Nullable Object, Integer> function = failing(setup, builder -> builder);

        for (Object large : List.of(Collections.nCopies(3_000_000, element), Arrays.asList(new Object[200]), map)) {
            assertThat(origin(function, large))
                    .hasSizeLessThan(300)
                    .containsAnyOf("(3000000 in all)", "(200 in all)", "(100000 in all)");
        }
        assertThat(origin(function, new int[] {1, 2, 3})).endsWith("[1, 2, 3]");
        assertThat(origin(function, List.of(1, List.of("two", 3)))).endsWith("[1, [two, 3]]");
        assertThat(origin(function, Map.of("a", 1))).endsWith("{a=1}");
        assertThat(asked).hasValueLessThan(100);
    }

    @Test
    void shouldTravelWithoutItsArgument() throws Exception {
        Setup setup = new Setup(Library.SYNC, Setup.Kind.THREADS);
        Face<@Nullable Object, Integer> function = failing(setup, builder -> builder);
        function.scatter(new Object() {
            @Override
            public String toString() {
                return "not serialisable";
            }
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(function.gather().awaitFailure());
        }

        Object copy = new ObjectInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(origin((Throwable) copy)).isEqualTo("scatter 0 of \"fail\", argument: not serialisable");
    }

    // ---- as the user wants it --------------------------------------------------------------------------------------

    @OnSharedAndInlineWorkers
    void shouldHideArguments(Setup setup) {
        Face<@Nullable Object, Integer> function = failing(setup, Workers.Builder::hideArguments);

        assertThat(origin(function, new Login("ada", "s3cret"))).isEqualTo("scatter 0 of \"fail\"");
        assertThat(origin(function, "s3cret")).doesNotContain("s3cret");
        assertThat(origin(function.submit("s3cret").awaitFailure())).doesNotContain("s3cret");
    }

    @OnSharedAndInlineWorkers
    void shouldDescribeArgumentsAsTheUserWants(Setup setup) {
        Face<@Nullable Object, Integer> function = failing(
                setup,
                builder -> builder.describeArguments(
                        argument -> argument instanceof Login login ? login.user() : "no login"));

        assertThat(origin(function, new Login("ada", "s3cret"))).endsWith("argument: ada");
        assertThat(origin(function, "s3cret")).endsWith("argument: no login");
        assertThat(origin(function, 17)).endsWith("argument: no login");
        assertThat(origin(function, null)).endsWith("argument: null");
    }

    @OnSharedWorkers
    void shouldDescribeArgumentsWhereverTheyFail(Setup setup) {
        Site site = open(
                setup,
                1,
                builder -> builder.describeArguments(argument -> "<" + argument + ">")
                        .retry(1, failure -> true)
                        .taskTimeout(Duration.ofMinutes(5)));
        Face<Integer, Integer> function = site.function(i -> {
            if (i == 10) {
                throw new IllegalStateException("ten");
            }
            return i * 10;
        });
        Face<Pair<String, Integer>, Integer> ofTwo = site.functionOfTwo((String a, Integer b) -> {
            throw new IllegalStateException(a + b);
        });

        assertThat(origin(function.submit(10).awaitFailure())).endsWith("attempt 2, argument: <10>");
        assertThat(origin(setup.library()
                        .failureOfTask(function.map(List.of(1, 10)).awaitFailure())))
                .endsWith("argument: <10>");
        ofTwo.scatter(new Pair<>("a", 2));
        assertThat(origin(ofTwo.gather().awaitFailure())).endsWith("argument: (<a>, <2>)");
        Face<Integer, Integer> chain = function.then(site.function(i -> {
            throw new IllegalStateException("second");
        }));
        chain.scatter(2);
        assertThat(origin(chain.gather().awaitFailure())).endsWith("argument: <20>");
    }

    @InEachLibrary
    void shouldSurviveADescriptionThatThrows(Setup setup) {
        Face<@Nullable Object, Integer> function = failing(
                setup,
                builder -> builder.describeArguments(argument -> {
                    throw new NoClassDefFoundError("gone");
                }));

        assertThat(origin(function, 1)).contains("Integer").contains("NoClassDefFoundError");
    }

    @Test
    @SuppressWarnings("NullAway") // null on purpose
    void shouldBeSetOnce() {
        assertThatNullPointerException()
                .isThrownBy(() -> Workers.threads(1).describeArguments(null))
                .withMessage("description");
        assertThatIllegalStateException()
                .isThrownBy(() -> Workers.threads(1).hideArguments().describeArguments(String::valueOf));
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Workers.processes(1).describeArguments(String::valueOf).hideArguments());
    }
}
