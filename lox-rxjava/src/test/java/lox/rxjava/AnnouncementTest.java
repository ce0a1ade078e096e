package lox.rxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.exceptions.MissingBackpressureException;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.AnnouncementSealedException;
import lox.sync.Buffer;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Announcement owes to RxJava. The rest is in tests/contract. */
class AnnouncementTest {
    private static final Duration LONG = Patience.LIMIT;

    @AfterEach
    void reset() {
        RxJavaPlugins.reset();
    }

    @Test
    void shouldPassTheAssemblyHook() {
        AtomicInteger assembled = new AtomicInteger();
        RxJavaPlugins.setOnFlowableAssembly(flowable -> {
            assembled.incrementAndGet();
            return flowable;
        });
        Announcement<Integer> announcement = Announcement.create();
        announcement.asFlowable();
        announcement.member().asFlowable(Buffer.failing(1));
        assertThat(assembled).hasValue(2);
        assertThat(announcement.asFlowable().toString()).startsWith("lox(lox-announcement-");
    }

    @Test
    void shouldGoThroughOperatorsThatChangeTheThread() throws InterruptedException {
        Announcement<Integer> announcement = Announcement.create();
        TestSubscriber<Integer> subscriber = announcement
                .asFlowable()
                .observeOn(Schedulers.computation(), false, 4)
                .test();
        IntStream.range(0, 1_000).forEach(announcement::put);
        announcement.complete();
        assertThat(subscriber.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        subscriber.assertValueCount(1_000).assertComplete();
    }

    @Test
    void shouldOverflowAsRxJavaDoes() {
        Announcement<Integer> announcement = Announcement.create();
        TestSubscriber<Integer> subscriber =
                announcement.asFlowable(Buffer.failing(1)).test(0);
        announcement.put(1);
        announcement.put(2);
        subscriber.request(1);
        subscriber.assertFailure(MissingBackpressureException.class, 1);
    }

    @Test
    void shouldRefuseToWaitOnANonBlockingThread() {
        Announcement<Integer> announcement = Announcement.create();
        TestSubscriber<Integer> full =
                announcement.asFlowable(Buffer.blocking(1, LONG)).test(0);
        announcement.put(1);
        Completable.fromAction(() -> announcement.put(2))
                .subscribeOn(Schedulers.computation())
                .test()
                .awaitDone(Patience.SECONDS, TimeUnit.SECONDS)
                .assertError(failure -> failure instanceof IllegalStateException
                        && String.valueOf(failure.getMessage()).contains("must not block"));
        full.request(2);
        announcement.put(3);
        full.assertValues(1, 3);
    }

    @Test
    void shouldFailWithTheSealAtSubscription() {
        Announcement<Integer> announcement = Announcement.builder().backlog(1).build();
        announcement.seal();
        announcement.asFlowable().test().assertFailure(AnnouncementSealedException.class);
    }
}
