package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** How to test a pipeline that maps through lox, in Reactor. The functions are the test's own: no network. */
class PipelineInReactorTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private final Scatter<URI, String> fetch = Lox.thread(2, uri -> "page " + uri.getPath());
    private final Scatter<String, PageSummary> parse = Lox.thread(2, PageSummary::of);

    @Test
    void shouldSummariseInTheOrderOfTheLines() {
        Flux<String> lines = Flux.just("http://a/1", "", "http://a/2", "http://a/3");

        StepVerifier.create(PipelineInReactor.summaries(lines, fetch, parse))
                .expectNext("2\tpage /1", "2\tpage /2", "2\tpage /3")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldReadNoFurtherThanThereIsRoom() {
        TestPublisher<String> lines = TestPublisher.create();

        StepVerifier.create(PipelineInReactor.summaries(lines.flux(), fetch, parse), 0)
                .expectSubscription()
                .then(() -> lines.assertMinRequested(8)) // four for each worker
                .then(() -> lines.assertMaxRequested(8))
                .then(() -> lines.next("http://a/1", "http://a/2"))
                .thenRequest(1)
                .expectNext("2\tpage /1")
                .thenCancel()
                .verify(LIMIT);
        lines.assertCancelled();
    }

    @Test
    void shouldFailWithTheFailureOfAPage() {
        Scatter<URI, String> failing = Lox.thread(2, uri -> {
            if (uri.getPath().equals("/2")) {
                throw new IOException("status 404");
            }
            return "page";
        });

        StepVerifier.create(PipelineInReactor.summaries(Flux.just("http://a/1", "http://a/2"), failing, parse)
                        .ignoreElements())
                .expectErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(IOException.class).hasMessage("status 404"))
                .verify(LIMIT);
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

        Mono<Void> bothUnderWay = Mono.<Void>fromCallable(() -> {
                    started.await();
                    return null;
                })
                .subscribeOn(Schedulers.boundedElastic());
        StepVerifier.create(PipelineInReactor.summaries(Flux.just("http://a/1", "http://a/2"), hanging, parse)
                        .timeout(bothUnderWay))
                .expectError(java.util.concurrent.TimeoutException.class)
                .verify(LIMIT);
        interrupted.await();
    }

    @Test
    void shouldParseInAnotherJvm() {
        Scatter<String, PageSummary> elsewhere = Lox.process(1, page -> new PageSummary("" + own(), 1));

        StepVerifier.create(PipelineInReactor.summaries(Flux.just("http://a/1"), fetch, elsewhere))
                .expectNextMatches(line -> !line.equals("1\t" + own()))
                .expectComplete()
                .verify(LIMIT);
    }

    private static long own() {
        return ProcessHandle.current().pid();
    }

    @Test
    void shouldReadAndWriteFiles(@TempDir Path folder) throws IOException {
        Path from = Files.write(folder.resolve("in"), List.of("http://a/1", "http://a/2"));
        Path to = folder.resolve("out");

        StepVerifier.create(PipelineInReactor.write(
                        PipelineInReactor.summaries(PipelineInReactor.read(from), fetch, parse), to))
                .expectNext(to)
                .expectComplete()
                .verify(LIMIT);
        assertThat(Files.readAllLines(to)).containsExactly("2\tpage /1", "2\tpage /2");
    }
}
