package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.exceptions.UndeliverableException;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RxJava's hooks see lox as they see RxJava's own. */
class PluginsTest {
    @AfterEach
    void resetPlugins() {
        RxJavaPlugins.reset();
    }

    @Test
    void shouldGiveAFailureNobodyCanReceiveToOnError() throws InterruptedException {
        BlockingQueue<Throwable> dropped = new LinkedBlockingQueue<>();
        RxJavaPlugins.setErrorHandler(dropped::add);
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = Lox.thread(1, i -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                throw new IOException("after the cancel");
            }
            return i;
        });
        function.scatter(1);
        Disposable subscription = function.gather().subscribe();
        assertThat(started.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        subscription.dispose();

        assertThat(dropped.poll(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(UndeliverableException.class)
                .hasRootCauseMessage("after the cancel");
    }

    @Test
    void shouldRunLanesThroughTheScheduleHandler() {
        AtomicInteger wrapped = new AtomicInteger();
        ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
        RxJavaPlugins.setScheduleHandler(job -> {
            wrapped.incrementAndGet();
            return () -> {
                inside.set(true);
                try {
                    job.run();
                } finally {
                    inside.remove();
                }
            };
        });
        Scatter<Integer, Boolean> function = Lox.thread(2, i -> inside.get());

        for (int i = 0; i < 5; i++) {
            function.scatter(i);
        }

        assertThat(function.gather().blockingGet()).hasSize(5).containsOnly(true);
        assertThat(wrapped).hasPositiveValue();
    }

    @Test
    void shouldBeAssembledThroughOnSingleAssembly() {
        Queue<String> assembled = new ConcurrentLinkedQueue<>();
        RxJavaPlugins.setOnSingleAssembly(single -> {
            assembled.add(single.getClass().getSimpleName());
            return single;
        });
        Scatter<Integer, Integer> function = Lox.thread(1, i -> i);

        assertThat(function.submit(1).blockingGet()).isEqualTo(1);
        function.scatter(2);
        assertThat(function.gather().blockingGet()).containsExactly(2);
        assertThat(function.gatherDelayError().blockingGet()).isEmpty();
        assertThat(function.gatherSettled().blockingGet()).isEmpty();

        assertThat(assembled).hasSize(4).containsOnly("SingleCompletion");
    }
}
