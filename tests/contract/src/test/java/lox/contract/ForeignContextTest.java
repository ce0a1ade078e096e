package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;

/**
 * Lanes carry nothing of the thread that starts them, whatever captures the context where a job is handed over: a hook, a decorated
 * executor, an agent.
 */
class ForeignContextTest extends ContractTest {
    private static final String KEY = "lox-contract-user";
    private static final ThreadLocal<@Nullable String> USER = new ThreadLocal<>();

    /** Known to agents alone. */
    private static final ThreadLocal<@Nullable String> TRACE = new ThreadLocal<>();

    @AfterEach
    void forget() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        Hooks.disableAutomaticContextPropagation();
        Library.all().forEach(Library::releaseSchedules);
        USER.remove();
        TRACE.remove();
    }

    @SuppressWarnings("NullAway") // its signature does not say that a thread-local may be empty; it may
    private static void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER);
    }

    /** As an agent does it. */
    private static Runnable traced(Runnable job) {
        String trace = TRACE.get();
        return () -> {
            String before = TRACE.get();
            TRACE.set(trace);
            try {
                job.run();
            } finally {
                TRACE.set(before);
            }
        };
    }

    private static ThreadPoolExecutor instrumented(int threads) {
        return new ThreadPoolExecutor(threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable job) {
                super.execute(traced(job));
            }
        };
    }

    /** Scatters with a user and without, each time in another trace, and says what the tasks have seen. */
    private static List<String> seenBy(Face<Integer, String> function) {
        USER.set("bob");
        TRACE.set("A");
        function.scatter(1);
        USER.remove();
        TRACE.set("B");
        function.scatter(2);
        TRACE.remove();
        function.scatter(3);
        return function.gather().await();
    }

    private static String look(int i) {
        return USER.get() + " " + TRACE.get();
    }

    @InEachLibrary
    void shouldCarryNoTraceThroughAnInstrumentedExecutor(Setup setup) {
        register();
        ThreadPoolExecutor executor = instrumented(1);
        try {
            Face<Integer, String> function =
                    setup.library().on(Workers.executor(executor, 1).build(), ForeignContextTest::look);

            assertThat(seenBy(function)).containsExactly("bob null", "null null", "null null");
        } finally {
            executor.shutdown();
        }
    }

    @InEachLibrary
    void shouldCarryNoUserThroughADecoratedExecutor(Setup setup) {
        register();
        ThreadPoolExecutor threads = Library.OwnScheduler.threads();
        ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();
        Supplier<io.micrometer.context.ContextSnapshot> capture = snapshots::captureAll;
        ExecutorService executor = ContextExecutorService.wrap(threads, capture);
        try {
            Face<Integer, String> function =
                    setup.library().on(Workers.executor(executor, 1).build(), ForeignContextTest::look);

            assertThat(seenBy(function)).containsExactly("bob null", "null null", "null null");
        } finally {
            executor.shutdown();
        }
    }

    @WithThreads("no lane is shown to a hook")
    @WithSubscribers
    void shouldCarryNothingThroughAScheduleHookThatCaptures(Setup setup) {
        if (setup.kind() == Setup.Kind.PROCESSES) {
            return; // tasks run elsewhere
        }
        register();
        setup.library().hookSchedules(ForeignContextTest::traced);

        assertThat(seenBy(function(setup, 1, ForeignContextTest::look)))
                .containsExactly("bob null", "null null", "null null");
    }

    @Test
    void shouldCarryNothingThroughReactorsAutomaticPropagation() {
        register();
        Hooks.enableAutomaticContextPropagation();
        try (Workers one = Workers.threads(1).build()) {
            assertThat(seenBy(Library.REACTOR.on(one, ForeignContextTest::look)))
                    .containsExactly("bob null", "null null", "null null");
        }
        Scheduler elastic = reactor.core.scheduler.Schedulers.newBoundedElastic(1, 100, "elastic");
        try {
            lox.reactor.Scatter<Integer, String> function = lox.reactor.Lox.on(elastic, 1, ForeignContextTest::look);
            USER.set("bob");
            function.scatter(1);
            USER.remove();
            function.scatter(2);

            assertThat(function.gather().block()).containsExactly("bob null", "null null");
        } finally {
            elastic.dispose();
        }
    }

    @Test
    void shouldCarryNothingFromANonBlockingThread() throws Exception {
        register();
        ThreadPoolExecutor executor = instrumented(1);
        Scheduler parallel = reactor.core.scheduler.Schedulers.newParallel("parallel", 1);
        try {
            lox.reactor.Scatter<Integer, String> function =
                    lox.reactor.Lox.on(Workers.executor(executor, 1).build(), ForeignContextTest::look);

            List<String> seen = reactor.core.publisher.Mono.defer(() -> {
                        USER.set("bob");
                        TRACE.set("A");
                        function.scatter(1);
                        USER.remove();
                        function.scatter(2);
                        TRACE.remove();
                        return function.gather();
                    })
                    .subscribeOn(parallel)
                    .block();

            assertThat(seen).containsExactly("bob null", "null null");
        } finally {
            parallel.dispose();
            executor.shutdown();
        }
    }

    @Test
    void shouldCarryNothingToLanesBesideJobsOfTheUsers() {
        register();
        ThreadPoolExecutor executor = instrumented(1);
        try {
            lox.rxjava.Scatter<Integer, String> function =
                    lox.rxjava.Lox.on(Workers.executor(executor, 1).build(), ForeignContextTest::look);
            Turnstile turnstile = new Turnstile();
            TRACE.set("A");
            function.scheduler().scheduleDirect(turnstile::passStubbornly);
            turnstile.awaitArrivals(1);
            function.scatter(1); // waits for the place that the job has
            TRACE.remove();
            turnstile.open();

            assertThat(function.gather().blockingGet()).containsExactly("null null");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void shouldCarryNothingThroughASchedulerOverAnInstrumentedExecutor() {
        register();
        ThreadPoolExecutor executor = instrumented(1);
        try {
            lox.rxjava.Scatter<Integer, String> function =
                    lox.rxjava.Lox.on(Schedulers.from(executor), 1, ForeignContextTest::look);
            USER.set("bob");
            TRACE.set("A");
            function.scatter(1);
            USER.remove();
            TRACE.set("B");
            function.scatter(2);

            assertThat(function.gather().blockingGet()).containsExactly("bob null", "null null");
        } finally {
            executor.shutdown();
        }
    }
}
