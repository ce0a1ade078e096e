package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.GatherOptions;
import lox.sync.Outcome;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The same bar in the three dialects. */
class DialectsTest {
    private final FakeTerminal file = new FakeTerminal();
    private final List<Integer> numbers = IntStream.rangeClosed(1, 30).boxed().toList();

    private ProgressBar bar() {
        return ProgressBar.builder("pages")
                .display(Display.LINES)
                .output(file.stream())
                .build();
    }

    private GatherOptions withBar() {
        return GatherOptions.create().progress(bar());
    }

    private void assertLines(String... beginnings) {
        Patience.until(beginnings.length + " lines", () -> file.rows().size() >= beginnings.length);
        assertThat(file.rows()).hasSize(beginnings.length);
        for (int i = 0; i < beginnings.length; i++) {
            assertThat(file.rows().get(i)).startsWith(beginnings[i]);
        }
    }

    private static int half(int i) {
        if (i % 2 == 1) {
            throw new IllegalArgumentException("odd");
        }
        return i / 2;
    }

    @Test
    void shouldServePlainJava() {
        lox.sync.Scatter<Integer, Integer> function = lox.sync.Lox.thread(3, i -> i);
        function.gather(numbers, withBar());
        try (ProgressBar bar = bar();
                Stream<Integer> results = function.map(Stream.iterate(0, i -> i + 1))) {
            results.peek(bar::step).limit(7).forEach(i -> {});
        }
        numbers.forEach(function::scatter);
        try (Stream<Integer> results = function.gatherStream(withBar())) {
            assertThat(results).hasSize(30);
        }

        assertLines("pages: 30 of 30 in", "pages: 7 in", "pages: 30 of 30 in");
    }

    @Test
    void shouldServeReactor() {
        lox.reactor.Scatter<Integer, Integer> function = lox.reactor.Lox.thread(3, DialectsTest::half);
        Mono<List<Outcome<Integer>>> settled = Mono.defer(() -> {
            numbers.forEach(function::scatter);
            return function.gatherSettled(withBar());
        });
        assertThat(settled.block(Patience.LIMIT)).hasSize(30);

        ProgressBar stream = bar();
        Flux<Integer> evens = Flux.generate(() -> 0, (i, sink) -> {
            sink.next(i);
            return i + 2;
        });
        evens.transform(function::map)
                .doOnNext(stream::step)
                .doFinally(signal -> stream.close())
                .take(7)
                .blockLast(Patience.LIMIT);

        assertLines("pages: 30 of 30 in", "pages: 7 in");
        assertThat(file.rows().get(0)).endsWith(", 15 failed");
    }

    @Test
    void shouldEndWithACancelInReactor() {
        CountDownLatch never = new CountDownLatch(1);
        lox.reactor.Scatter<Integer, Integer> stuck = lox.reactor.Lox.thread(1, i -> {
            never.await();
            return i;
        });
        assertThatThrownBy(() -> stuck.gather(numbers, withBar())
                        .timeout(Duration.ofMillis(1))
                        .block(Patience.LIMIT))
                .hasCauseInstanceOf(TimeoutException.class);

        assertLines("pages: 0 of 30 in");
    }

    @Test
    void shouldServeRxJava() {
        lox.rxjava.Scatter<Integer, Integer> function = lox.rxjava.Lox.thread(3, DialectsTest::half);
        numbers.forEach(function::scatter);
        assertThat(function.gatherSettled(withBar()).blockingGet()).hasSize(30);

        ProgressBar stream = bar();
        Flowable<Integer> evens = Flowable.generate(() -> 0, (i, emitter) -> {
            emitter.onNext(i);
            return i + 2;
        });
        evens.compose(function::map)
                .doOnNext(stream::step)
                .doFinally(stream::close)
                .take(7)
                .blockingSubscribe();

        assertLines("pages: 30 of 30 in", "pages: 7 in");
        assertThat(file.rows().get(0)).endsWith(", 15 failed");
    }
}
