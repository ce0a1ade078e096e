package lox.sync.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LanePoolTest {
    private final Queue<Runnable> accepted = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();

    private LanePool pool(int limit, Executor executor) {
        return new LanePool("pool", limit, Integer.MAX_VALUE, executor, () -> log.add("closed"));
    }

    @Test
    void shouldUseNoMorePlacesThanAllowedAndServeFirstComeFirst() {
        LanePool pool = pool(2, accepted::add);
        for (int i = 0; i < 5; i++) {
            int job = i;
            pool.execute(() -> log.add("job " + job));
        }

        assertThat(accepted).hasSize(2);
        assertThat(pool.isContended()).isTrue();
        accepted.remove().run();

        assertThat(log).containsExactly("job 0", "job 1", "job 2", "job 3", "job 4");
        assertThat(pool.isContended()).isFalse();
        accepted.remove().run(); // its jobs are gone; it gives its place back
        pool.execute(() -> log.add("job 5"));
        assertThat(accepted).hasSize(1);
        accepted.remove().run();
        assertThat(log).endsWith("job 5");
    }

    @Test
    void shouldTakeAJobThatComesWhileAnotherOneRuns() {
        LanePool pool = pool(1, accepted::add);
        pool.execute(() -> {
            log.add("outer");
            pool.execute(() -> log.add("inner"));
        });

        accepted.remove().run();

        assertThat(log).containsExactly("outer", "inner");
        assertThat(accepted).isEmpty();
    }

    @Test
    void shouldRefuseAJobThatTheExecutorRefuses() {
        AtomicInteger calls = new AtomicInteger();
        LanePool pool = pool(1, job -> {
            if (calls.getAndIncrement() == 0) {
                throw new RejectedExecutionException("not now");
            }
            accepted.add(job);
        });

        assertThatThrownBy(() -> pool.execute(() -> log.add("refused")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("not now");
        assertThat(pool.isContended()).isFalse();
        pool.execute(() -> log.add("accepted")); // the place was given back

        accepted.remove().run();
        assertThat(log).containsExactly("accepted");
    }

    @Test
    void shouldSayThatAnExecutorFailed() {
        LanePool pool = pool(1, job -> {
            throw new IllegalArgumentException("broken");
        });

        assertThatThrownBy(() -> pool.execute(() -> log.add("never")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("pool")
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void shouldRunAJobThatCameWhileAnotherOneWasRefused() {
        CompletableFuture<LanePool> pool = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        pool.complete(pool(1, place -> {
            if (calls.getAndIncrement() == 0) {
                pool.join().execute(() -> log.add("other")); // finds the only place taken, and waits
                throw new RejectedExecutionException("not now");
            }
            accepted.add(place);
        }));

        assertThatThrownBy(() -> pool.join().execute(() -> log.add("refused"))).hasMessage("not now");

        assertThat(accepted).hasSize(1);
        accepted.remove().run();
        assertThat(log).containsExactly("other");
        assertThat(pool.join().isContended()).isFalse();
    }

    @Test
    void shouldRunAJobThatCameWhileAnotherOneWasRefusedForGood() {
        CompletableFuture<LanePool> pool = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        pool.complete(pool(1, place -> {
            if (calls.getAndIncrement() == 0) {
                pool.join().execute(() -> log.add("other"));
            }
            throw new RejectedExecutionException("never");
        }));

        assertThatThrownBy(() -> pool.join().execute(() -> log.add("refused"))).hasMessage("never");

        assertThat(log).containsExactly("other"); // in this thread: it was told that it would run
        assertThat(pool.join().isContended()).isFalse();
    }

    @Test
    void shouldGiveAPlaceBackOnceWhenTheExecutorThrowsAndRunsItLater() {
        AtomicInteger calls = new AtomicInteger();
        LanePool pool = pool(1, place -> {
            accepted.add(place);
            if (calls.getAndIncrement() == 0) {
                throw new OutOfMemoryError("after it was queued");
            }
        });
        assertThatThrownBy(() -> pool.execute(() -> log.add("refused"))).isInstanceOf(RejectedExecutionException.class);
        accepted.remove().run();

        pool.execute(() -> log.add("job 1"));
        pool.execute(() -> log.add("job 2"));

        assertThat(accepted).hasSize(1);
        accepted.remove().run();
        assertThat(log).containsExactly("job 1", "job 2");
    }

    @Test
    void shouldGiveAPlaceBackOnceWhenTheExecutorRunsItAndThrows() {
        AtomicInteger calls = new AtomicInteger();
        LanePool pool = pool(1, place -> {
            if (calls.getAndIncrement() == 0) {
                place.run();
                throw new IllegalStateException("what it counted was wrong");
            }
            accepted.add(place);
        });
        pool.execute(() -> log.add("job 0")); // has run: nothing is to be told
        pool.execute(() -> log.add("job 1"));
        pool.execute(() -> log.add("job 2"));

        assertThat(accepted).hasSize(1);
        accepted.remove().run();
        assertThat(log).containsExactly("job 0", "job 1", "job 2");
    }

    @Test
    void shouldKeepAnInterruptFlagFromTheNextJob() {
        LanePool pool = pool(1, accepted::add);
        pool.execute(() -> Thread.currentThread().interrupt());
        pool.execute(() -> log.add("interrupted: " + Thread.interrupted()));

        accepted.remove().run();

        assertThat(log).containsExactly("interrupted: false");
    }

    @Test
    void shouldGoOnAfterAJobThatThrowsWhereTheHandlerThrowsToo() {
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
            log.add("" + thrown.getMessage());
            throw new IllegalStateException("bad handler", thrown);
        });
        try {
            LanePool pool = pool(1, accepted::add);
            pool.execute(() -> {
                throw new IllegalStateException("bad job");
            });
            pool.execute(() -> log.add("good job"));

            accepted.remove().run();
            pool.execute(() -> log.add("next job"));
            accepted.remove().run(); // the place was given back
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        assertThat(log).containsExactly("bad job", "good job", "next job");
    }

    @Test
    void shouldGoOnAfterAJobThatThrows() {
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> log.add("" + thrown.getMessage()));
        try {
            LanePool pool = pool(1, accepted::add);
            pool.execute(() -> {
                throw new IllegalStateException("bad job");
            });
            pool.execute(() -> log.add("good job"));

            accepted.remove().run();
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        assertThat(log).containsExactly("bad job", "good job");
    }

    @Test
    void shouldRunInTheCallersThreadWithoutAnExecutor() {
        LanePool pool = new LanePool("pool", 4, Integer.MAX_VALUE, null, () -> {});
        assertThat(pool.isInline()).isTrue();

        pool.execute(() -> log.add(Thread.currentThread().getName()));

        assertThat(log).containsExactly(Thread.currentThread().getName());
    }

    @Test
    void shouldRunOnCloseOnce() {
        LanePool pool = pool(1, accepted::add);

        pool.close();
        pool.close();

        assertThat(pool.isClosed()).isTrue();
        assertThat(log).containsExactly("closed");
    }
}
