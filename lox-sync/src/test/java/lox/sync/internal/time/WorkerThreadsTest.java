package lox.sync.internal.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {
    private static final InheritableThreadLocal<@Nullable String> INHERITABLE = new InheritableThreadLocal<>();

    @AfterEach
    void forget() {
        INHERITABLE.remove();
    }

    private static Thread threadOf(Executor executor) {
        return seenBy(executor).thread;
    }

    /** What a job finds on its thread. */
    private record Seen(
            Thread thread,
            String name,
            @Nullable String inherited,
            @Nullable ClassLoader loader,
            boolean interrupted) {
        static Seen now() {
            Thread thread = Thread.currentThread();
            return new Seen(
                    thread,
                    thread.getName(),
                    INHERITABLE.get(),
                    thread.getContextClassLoader(),
                    thread.isInterrupted());
        }
    }

    private static Seen seenBy(Executor executor) {
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        executor.execute(() -> seen.complete(Seen.now()));
        return seen.orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join();
    }

    private static Executor threads(SharedThreads shared, String name) {
        ThreadNames names = new ThreadNames(name);
        return job -> shared.run(names, job);
    }

    private static void awaitIdle(SharedThreads shared, int threads) {
        Patience.until(threads + " idle threads", () -> shared.idle() == threads);
    }

    @Test
    void shouldKeepNothingOfAJobWhileIdle() {
        SharedThreads shared = new SharedThreads(TimeUnit.HOURS.toNanos(1));
        WeakReference<Runnable> last = runOn(shared);

        awaitIdle(shared, 1);
        Patience.until("the last job to be collected", () -> {
            System.gc();
            return last.get() == null;
        });
        assertThat(shared.idle()).isEqualTo(1);
    }

    private static WeakReference<Runnable> runOn(SharedThreads shared) {
        CountDownLatch done = new CountDownLatch(1);
        Runnable job = done::countDown;
        shared.run(new ThreadNames("idle"), job);
        return new WeakReference<>(job);
    }

    @Test
    void shouldStartDaemonsOnDemand() {
        Thread thread = threadOf(WorkerThreads.platform("mill"));

        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
    }

    @Test
    void shouldInheritNothingFromTheThreadThatHappensToNeedThemFirst() throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        List<Executor> kinds = new ArrayList<>();
        kinds.add(threads(new SharedThreads(TimeUnit.SECONDS.toNanos(1)), "fresh"));
        if (Runtime.version().feature() >= 21) {
            kinds.add(WorkerThreads.virtual("fresh"));
        }
        INHERITABLE.set("of the caller");
        try (URLClassLoader ofTheCaller = new URLClassLoader(new URL[0])) {
            caller.setContextClassLoader(ofTheCaller);
            for (Executor executor : kinds) {
                Seen seen = seenBy(executor);

                assertThat(seen.inherited).isNull();
                assertThat(seen.loader).isSameAs(WorkerThreads.class.getClassLoader());
            }
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    @Test
    void shouldUseIdleThreadsOfOtherWorkersUnderTheNameOfTheNewOnes() {
        SharedThreads shared = new SharedThreads(TimeUnit.MINUTES.toNanos(10));
        Executor mill = threads(shared, "mill");
        Executor bakery = threads(shared, "bakery");

        Seen first = seenBy(mill);
        awaitIdle(shared, 1);
        Seen second = seenBy(bakery);
        awaitIdle(shared, 1);
        Seen third = seenBy(mill);

        assertThat(second.thread).isSameAs(first.thread);
        assertThat(third.thread).isSameAs(first.thread);
        assertThat(List.of(first.name, second.name, third.name)).containsExactly("mill-1", "bakery-1", "mill-1");
    }

    @Test
    void shouldHaveNoMoreThreadsThanJobsAtOnce() throws InterruptedException {
        SharedThreads shared = new SharedThreads(TimeUnit.MINUTES.toNanos(10));
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Set<String> names = ConcurrentHashMap.newKeySet();
        for (int request = 0; request < 50; request++) {
            Executor executor = threads(shared, "request-" + request);
            CountDownLatch allRun = new CountDownLatch(8);
            for (int job = 0; job < 8; job++) {
                executor.execute(() -> {
                    threads.add(Thread.currentThread());
                    names.add(Thread.currentThread().getName());
                    allRun.countDown();
                    try {
                        allRun.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            allRun.await();
            awaitIdle(shared, 8);
        }

        assertThat(threads).hasSize(8);
        assertThat(names).hasSize(400).contains("request-0-1", "request-49-8");
    }

    @Test
    void shouldEndAfterAWhileWithoutAJob() {
        SharedThreads shared = new SharedThreads(TimeUnit.MILLISECONDS.toNanos(20));
        Executor mill = threads(shared, "mill");

        Thread first = threadOf(mill);
        Patience.until("the thread has ended", () -> !first.isAlive());
        Seen second = seenBy(mill);

        assertThat(second.thread).isNotSameAs(first);
        assertThat(second.name).isEqualTo("mill-1");
    }

    @Test
    void shouldLoseNoJobToAThreadThatIsAboutToEnd() throws InterruptedException {
        SharedThreads shared = new SharedThreads(1); // as soon as it is idle
        Executor mill = threads(shared, "mill");
        int jobs = 5_000;
        CountDownLatch run = new CountDownLatch(jobs);
        for (int i = 0; i < jobs; i++) {
            mill.execute(run::countDown);
        }

        assertThat(run.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldHideFromAJobWhatTheOneBeforeHasDoneToItsThread() throws Exception {
        SharedThreads shared = new SharedThreads(TimeUnit.MINUTES.toNanos(10));
        Executor mill = threads(shared, "mill");
        try (URLClassLoader ofTheJob = new URLClassLoader(new URL[0])) {
            mill.execute(() -> {
                Thread thread = Thread.currentThread();
                thread.setName("mine");
                thread.setContextClassLoader(ofTheJob);
                thread.interrupt();
            });
            awaitIdle(shared, 1);
        }

        Seen seen = seenBy(mill);

        assertThat(seen.name).isEqualTo("mill-1");
        assertThat(seen.loader).isSameAs(WorkerThreads.class.getClassLoader());
        assertThat(seen.interrupted).isFalse();
        assertThat(shared.idle()).isLessThanOrEqualTo(1);
    }

    @Test
    void shouldStartVirtualThreadsWhereTheJvmHasThem() throws ReflectiveOperationException {
        if (Runtime.version().feature() >= 21) {
            Thread thread = threadOf(WorkerThreads.virtual("mill"));

            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
            assertThat(thread.getName()).startsWith("mill-");
        } else {
            assertThatThrownBy(() -> WorkerThreads.virtual("mill"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("Java 21");
        }
    }
}
