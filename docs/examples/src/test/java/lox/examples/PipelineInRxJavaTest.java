package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How to test a pipeline that maps through lox, in RxJava. The functions are the test's own: no network. */
class PipelineInRxJavaTest {
    private final Scatter<URI, String> fetch = Lox.thread(2, uri -> "page " + uri.getPath());
    private final Scatter<String, PageSummary> parse = Lox.thread(2, PageSummary::of);

    private static <T> TestSubscriber<T> ended(TestSubscriber<T> subscriber) throws InterruptedException {
        assertThat(subscriber.await(Patience.SECONDS, TimeUnit.SECONDS))
                .as("ended")
                .isTrue();
        return subscriber;
    }

    @Test
    void shouldSummariseInTheOrderOfTheLines() throws InterruptedException {
        Flowable<String> lines = Flowable.just("http://a/1", "", "http://a/2", "http://a/3");

        ended(PipelineInRxJava.summaries(lines, fetch, parse).test())
                .assertResult("2\tpage /1", "2\tpage /2", "2\tpage /3");
    }

    @Test
    void shouldReadNoFurtherThanThereIsRoom() {
        PublishProcessor<String> lines = PublishProcessor.create();
        TestSubscriber<String> subscriber =
                PipelineInRxJava.summaries(lines, fetch, parse).test(0);

        assertThat(lines.offer("http://a/1")).isTrue();
        assertThat(lines.offer("http://a/2")).isTrue();
        subscriber.request(1);
        subscriber.awaitCount(1).assertValuesOnly("2\tpage /1");
        subscriber.cancel();
        assertThat(lines.hasSubscribers()).isFalse();
    }

    @Test
    void shouldFailWithTheFailureOfAPage() throws InterruptedException {
        Scatter<URI, String> failing = Lox.thread(2, uri -> {
            if (uri.getPath().equals("/2")) {
                throw new IOException("status 404");
            }
            return "page";
        });

        ended(PipelineInRxJava.summaries(Flowable.just("http://a/1", "http://a/2"), failing, parse)
                        .test())
                .assertError(failure -> failure instanceof IOException && "status 404".equals(failure.getMessage()));
    }

    @Test
    void shouldInterruptWhatRunsAtATimeout() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        Scatter<URI, String> hanging = Lox.thread(2, uri -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });

        Flowable<Integer> bothUnderWay = Completable.fromAction(started::await)
                .subscribeOn(Schedulers.io())
                .toFlowable();
        ended(PipelineInRxJava.summaries(Flowable.just("http://a/1", "http://a/2"), hanging, parse)
                        .timeout(bothUnderWay, line -> Flowable.never())
                        .test())
                .assertError(java.util.concurrent.TimeoutException.class);
        interrupted.await();
    }

    @Test
    void shouldParseInAnotherJvm() throws InterruptedException {
        Scatter<String, PageSummary> elsewhere = Lox.process(1, page -> new PageSummary("" + own(), 1));

        ended(PipelineInRxJava.summaries(Flowable.just("http://a/1"), fetch, elsewhere)
                        .test())
                .assertValueCount(1)
                .assertValue(line -> !line.equals("1\t" + own()))
                .assertComplete();
    }

    private static long own() {
        return ProcessHandle.current().pid();
    }

    @Test
    void shouldReadAndWriteFiles(@TempDir Path folder) throws IOException, InterruptedException {
        Path from = Files.write(folder.resolve("in"), List.of("http://a/1", "http://a/2"));
        Path to = folder.resolve("out");

        PipelineInRxJava.write(PipelineInRxJava.summaries(PipelineInRxJava.read(from), fetch, parse), to)
                .test()
                .await()
                .assertComplete();
        assertThat(Files.readAllLines(to)).containsExactly("2\tpage /1", "2\tpage /2");
    }
}
