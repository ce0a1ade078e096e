package lox.sync;

import static lox.sync.Elsewhere.LONG;
import static lox.sync.Elsewhere.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lox.sync.lock.Acquirable;
import lox.sync.lock.AcquireTimeoutException;
import lox.sync.lock.LightSwitch;
import lox.sync.lock.Permit;
import lox.sync.lock.PermitRequest;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** One thread watches the time for all of lox, and nothing of the user's holds it up. */
class OneClockTest {
    private static final Duration SOON = Duration.ofMillis(1);

    @Test
    void shouldWatchTheTimeForEverythingOnOneThread() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        QLock lock = new QLock();
        Funnel<Integer> funnel = Funnel.<Integer>builder().expireAfter(LONG).build();
        Announcement<Integer> news = Announcement.create();
        try (Workers workers = Workers.threads(2).taskTimeout(LONG).build();
                Workers processes = Workers.processes(1).build();
                Permit held = lock.acquire();
                PermitRequest<Permit> waiting = lock.request(LONG);
                Announcement.Subscription<Integer> one = news.subscribe();
                Announcement.Subscription<Integer> other = news.subscribe()) {
            assertThat(held).isNotNull();
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                await(end);
                return i;
            });
            function.scatter(1);
            Elsewhere<List<Integer>> gather =
                    Elsewhere.<List<Integer>>call(() -> function.gather(LONG)).waiting();
            Funnel.Input<Integer, String> left = funnel.input("left");
            funnel.input("right");
            left.put(1, "x");
            Scatter<Integer, Integer> remote = Lox.on(processes, i -> i);
            remote.scatter(1);
            assertThat(remote.gather()).containsExactly(1);

            Patience.until("the same thread waits for all of it", () -> {
                news.put(1);
                return clocks().size() == 1;
            });
            assertThat(clocks()).isSubsetOf("lox-clock");
            end.countDown();
            assertThat(gather.result).succeedsWithin(LONG);
            assertThat(waiting.cancel()).isTrue();
            assertThat(one).isNotSameAs(other);
        }
    }

    /** The threads of lox's own that wait for a time. */
    private static Set<String> clocks() {
        Set<String> clocks = new TreeSet<>();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement frame : thread.getValue()) {
                if (thread.getKey().getName().startsWith("lox-")
                        && (frame.getClassName().contains("DelayedWorkQueue")
                                || frame.getClassName().equals("lox.sync.internal.hot.StallWatchdog"))) {
                    clocks.add(thread.getKey().getName());
                }
            }
        }
        return clocks;
    }

    /** As a thread may that closes its socket when it is interrupted. */
    private static final class SlowThread extends Thread {
        private final CountDownLatch interrupting;
        private final CountDownLatch end;

        SlowThread(Runnable target, CountDownLatch interrupting, CountDownLatch end) {
            super(target);
            this.interrupting = interrupting;
            this.end = end;
            setDaemon(true);
        }

        @Override
        public void interrupt() {
            interrupting.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            super.interrupt();
        }
    }

    @Test
    void shouldGoOnWhileAThreadIsSlowToBeInterrupted() throws Exception {
        CountDownLatch interrupting = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService executor = Executors.newCachedThreadPool(target -> new SlowThread(target, interrupting, end));
        try (Workers workers = Workers.executor(executor, 1).taskTimeout(SOON).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                await(new CountDownLatch(1));
                return i;
            });
            function.scatter(1);
            try {
                await(interrupting);
                assertOtherTimeoutsCome();
            } finally {
                end.countDown();
            }
            assertThat(Elsewhere.call(function::gather).result)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(TaskTimeoutException.class);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void assertOtherTimeoutsCome() throws InterruptedException {
        QLock lock = new QLock();
        try (Permit held = lock.acquire();
                PermitRequest<Permit> late = lock.request(SOON)) {
            assertThat(held).isNotNull();
            assertThat(late.stage().toCompletableFuture())
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(AcquireTimeoutException.class);
        }
    }

    /** A lock of the user's that is never free, and slow to let go of a request. */
    private record SlowLock(CountDownLatch closing, CountDownLatch end) implements Acquirable<Permit> {
        @Override
        public Permit acquire() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Permit acquire(Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Permit> tryAcquire() {
            return Optional.empty();
        }

        @Override
        public PermitRequest<Permit> request(Duration timeout) {
            return request();
        }

        @Override
        public PermitRequest<Permit> request() {
            return new PermitRequest<>() {
                @Override
                public Permit await() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public CompletionStage<Permit> stage() {
                    return new CompletableFuture<>();
                }

                @Override
                public boolean cancel() {
                    close();
                    return true;
                }

                @Override
                public void close() {
                    closing.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            };
        }
    }

    @Test
    void shouldGoOnWhileALockOfTheUsersIsSlow() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        LightSwitch guests = new LightSwitch(new SlowLock(closing, end));
        try (PermitRequest<Permit> late = guests.request(SOON)) {
            assertThat(late).isNotNull();
            try {
                await(closing);
                assertOtherTimeoutsCome();
            } finally {
                end.countDown();
            }
        }
    }
}
