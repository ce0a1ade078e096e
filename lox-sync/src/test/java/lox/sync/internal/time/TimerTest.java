package lox.sync.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimerTest {
    private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);
    private static final InheritableThreadLocal<@Nullable String> INHERITABLE = new InheritableThreadLocal<>();

    private static Thread threadOf(BiConsumer<Runnable, Long> how) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        how.accept(() -> thread.complete(Thread.currentThread()), 1L);
        return thread.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static Thread threadOfCancellable(BiFunction<Runnable, Long, Future<?>> how) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<?> action = how.apply(() -> thread.complete(Thread.currentThread()), 1L);
        Thread seen = thread.get(Patience.SECONDS, TimeUnit.SECONDS);
        action.get(Patience.SECONDS, TimeUnit.SECONDS);
        return seen;
    }

    @Test
    void shouldRunActionsOnOneDaemonThread() throws Exception {
        Thread clock = threadOf(Timer::later);
        assertThat(clock.getName()).isEqualTo("lox-clock");
        assertThat(clock.isDaemon()).isTrue();
        assertThat(threadOfCancellable(Timer::after)).isSameAs(clock);
    }

    @Test
    void shouldRunElsewhereWhatMayBlock() throws Exception {
        Thread clock = threadOf(Timer::later);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Thread> blocked = new CompletableFuture<>();
        Timer.laterElsewhere(
                () -> {
                    blocked.complete(Thread.currentThread());
                    awaitQuietly(end);
                },
                1);
        assertThat(blocked.get(Patience.SECONDS, TimeUnit.SECONDS)).isNotSameAs(clock);
        assertThat(threadOf(Timer::later)).isSameAs(clock);
        assertThat(threadOfCancellable(Timer::afterElsewhere)).isNotSameAs(clock);
        end.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldInheritNothing() throws Exception {
        INHERITABLE.set("of the first to need it");
        try {
            CompletableFuture<@Nullable String> seen = new CompletableFuture<>();
            Timer.later(() -> seen.complete(INHERITABLE.get()), 1);
            assertThat(seen.get(Patience.SECONDS, TimeUnit.SECONDS)).isNull();
            assertThat(threadOf(Timer::later).getContextClassLoader()).isSameAs(Timer.class.getClassLoader());
        } finally {
            INHERITABLE.remove();
        }
    }

    @Test
    void shouldForgetWhatIsCancelledAtOnce() {
        int many = 10_000;
        int before = Timer.waiting();
        for (int i = 0; i < many; i++) {
            Future<?> waiting = Timer.after(() -> {}, AN_HOUR);
            assertThat(waiting.cancel(false)).isTrue();
        }
        Patience.until("all are forgotten", () -> Timer.waiting() <= before + 10);
    }

    @Test
    void shouldNotRunWhatIsCancelled() throws Exception {
        AtomicBoolean run = new AtomicBoolean();
        Future<?> cancelled = Timer.after(() -> run.set(true), TimeUnit.MILLISECONDS.toNanos(1));
        if (cancelled.cancel(false)) {
            CompletableFuture<Boolean> later = new CompletableFuture<>();
            Timer.later(() -> later.complete(run.get()), TimeUnit.MILLISECONDS.toNanos(5));
            assertThat(later.get(Patience.SECONDS, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void shouldSurviveAnActionThatThrowsAndReportIt() throws Exception {
        Thread clock = threadOf(Timer::later);
        BlockingQueue<Thread> reporting = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        IllegalStateException mine = new IllegalStateException("of an action");
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (thrown == mine) {
                reporting.add(Thread.currentThread());
                reported.add(thrown);
            }
        });
        try {
            Timer.later(
                    () -> {
                        throw mine;
                    },
                    1);
            assertThat(reported.poll(Patience.SECONDS, TimeUnit.SECONDS)).isSameAs(mine);
            assertThat(reporting.remove()).isNotSameAs(clock);
            assertThat(threadOf(Timer::later)).isSameAs(clock);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
