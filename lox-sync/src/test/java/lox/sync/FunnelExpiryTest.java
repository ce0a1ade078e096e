package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import lox.test.VirtualTimer;
import org.junit.jupiter.api.Test;

/** Jobs whose time is over. The time is virtual, but in the last tests. */
class FunnelExpiryTest {
    private final VirtualTimer timer = new VirtualTimer();
    private final List<String> discarded = new ArrayList<>();
    private final Funnel<Integer> funnel = expiring().build();
    private final Funnel.Input<Integer, String> a = funnel.input("a");
    private final Funnel.Input<Integer, String> b = funnel.input("b");

    private Funnel.Builder<Integer> expiring() {
        return Funnel.<Integer>builder()
                .expireAfter(Duration.ofSeconds(3))
                .scheduler(timer)
                .ticker(timer::nanos)
                .onDiscard((job, reason) -> discarded.add(reason + " " + job.jobId() + " " + job.values()));
    }

    @Test
    void shouldDiscardAJobWhenItsTimeIsOver() throws InterruptedException {
        a.put(1, "a1");
        timer.advance(1_000);
        a.put(2, "a2");
        a.put(1, "does not begin anew");
        timer.advance(1_999);
        assertThat(discarded).isEmpty();
        timer.advance(1);
        assertThat(discarded).containsExactly("EXPIRED 1 [does not begin anew]");
        assertThat(funnel.pendingJobs()).isEqualTo(1);
        b.put(2, "b2");
        timer.advance(10_000);
        assertThat(discarded).hasSize(1);
        assertThat(FunnelTest.readyIds(funnel)).containsExactly(2);
    }

    @Test
    void shouldDiscardInTheOrderOfAgeManyAtATime() {
        for (int i = 0; i < 100; i++) {
            a.put(i, "a");
            timer.advance(i % 3);
        }
        timer.advance(5_000);
        assertThat(discarded)
                .hasSize(100)
                .startsWith("EXPIRED 0 [a]", "EXPIRED 1 [a]")
                .endsWith("EXPIRED 99 [a]");
        assertThat(funnel.pendingJobs()).isZero();
    }

    @Test
    void shouldBeginAnewAfterTheExpiry() throws InterruptedException {
        a.put(1, "early");
        timer.advance(3_000);
        b.put(1, "late");
        assertThat(funnel.readyJobs()).isZero();
        timer.advance(2_999);
        a.put(1, "in time");
        assertThat(funnel.take().values()).containsExactly("in time", "late");
        assertThat(discarded).containsExactly("EXPIRED 1 [early]");
    }

    @Test
    void shouldSetOneAlarmAtATime() {
        for (int i = 0; i < 1_000; i++) {
            a.put(i, "a");
            b.put(i, "b");
            a.put(-i - 1, "a");
            timer.advance(1);
            assertThat(timer.scheduled()).isLessThanOrEqualTo(1);
        }
        timer.advance(10_000);
        assertThat(timer.scheduled()).isZero();
        assertThat(discarded).hasSize(1_000);
    }

    @Test
    void shouldCancelTheAlarmAtTheEnd() {
        a.put(1, "a");
        assertThat(timer.scheduled()).isEqualTo(1);
        funnel.complete();
        assertThat(timer.scheduled()).isZero();
        assertThat(discarded).containsExactly("COMPLETED 1 [a]");
    }

    @Test
    void shouldMakeRoom() throws Exception {
        Funnel<Integer> limited = expiring().pendingLimit(1, WhenFull.WAIT).build();
        Funnel.Input<Integer, String> left = limited.input("left");
        limited.input("right");
        left.put(1, "x");
        Elsewhere<Boolean> putting = Elsewhere.call(() -> {
                    left.put(2, "y");
                    return true;
                })
                .waiting();
        timer.advance(3_000);
        assertThat(putting.result.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(discarded).containsExactly("EXPIRED 1 [x]");
    }

    @Test
    void shouldExpireByItself() throws InterruptedException {
        CountDownLatch expired = new CountDownLatch(1);
        BlockingQueue<Thread> thread = new LinkedBlockingQueue<>();
        Funnel<Integer> real = Funnel.<Integer>builder()
                .expireAfter(Duration.ofMillis(5))
                .onDiscard((job, reason) -> {
                    thread.add(Thread.currentThread());
                    expired.countDown();
                })
                .build();
        Funnel.Input<Integer, String> left = real.input("left");
        real.input("right");
        left.put(1, "x");
        Elsewhere.await(expired);
        assertThat(real.pendingJobs()).isZero();
        Thread ran = thread.remove();
        assertThat(ran.isDaemon()).isTrue();
        assertThat(ran.getName()).doesNotContain("lox-timer");
    }

    @Test
    void shouldExpireOnTheUsersScheduler() throws InterruptedException {
        ScheduledThreadPoolExecutor users = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "users"));
        try {
            CountDownLatch expired = new CountDownLatch(1);
            BlockingQueue<Thread> thread = new LinkedBlockingQueue<>();
            Funnel<Integer> real = Funnel.<Integer>builder()
                    .expireAfter(Duration.ofMillis(5))
                    .scheduler(users)
                    .onDiscard((job, reason) -> {
                        thread.add(Thread.currentThread());
                        expired.countDown();
                    })
                    .build();
            Funnel.Input<Integer, String> left = real.input("left");
            real.input("right");
            left.put(1, "x");
            Elsewhere.await(expired);
            assertThat(thread.remove().getName()).isEqualTo("users");
        } finally {
            users.shutdownNow();
        }
    }

    @Test
    void shouldReportASchedulerThatRefusesAndKeepTheValue() throws InterruptedException {
        ScheduledThreadPoolExecutor shut = new ScheduledThreadPoolExecutor(1);
        shut.shutdown();
        List<Throwable> uncaught = new ArrayList<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try {
            Funnel<Integer> real = Funnel.<Integer>builder()
                    .expireAfter(Duration.ofMillis(5))
                    .scheduler(shut)
                    .build();
            Funnel.Input<Integer, String> left = real.input("left");
            Funnel.Input<Integer, String> right = real.input("right");
            left.put(1, "x");
            right.put(1, "y");
            assertThat(real.take().jobId()).isEqualTo(1);
            assertThat(uncaught).hasSize(1).first().isInstanceOf(RejectedExecutionException.class);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
        assertThatThrownBy(() -> Funnel.<Integer>builder().scheduler(shut).scheduler(shut))
                .hasMessage("scheduler has been set before");
    }
}
