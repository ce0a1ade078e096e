package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Outer joins in Reactor and in RxJava. Jobs are numbers; what comes of one says what each side gave, or that it gave nothing. */
class OuterJoinTest {
    private static final Duration LIMIT = Patience.LIMIT;

    /** The joins of one library. */
    enum Joining {
        REACTOR {
            @Override
            Flux<String> full(Publisher<Integer> left, Publisher<Integer> right, @Nullable Integer prefetch) {
                return prefetch == null
                        ? lox.reactor.OuterJoins.full(left, id -> id, right, id -> id, Joining::described)
                        : lox.reactor.OuterJoins.full(left, id -> id, right, id -> id, Joining::described, prefetch);
            }

            @Override
            Flux<String> left(Publisher<Integer> left, Publisher<Integer> right, @Nullable Integer prefetch) {
                return prefetch == null
                        ? lox.reactor.OuterJoins.left(left, id -> id, right, id -> id, Joining::withLeft)
                        : lox.reactor.OuterJoins.left(left, id -> id, right, id -> id, Joining::withLeft, prefetch);
            }
        },
        RXJAVA {
            @Override
            Flux<String> full(Publisher<Integer> left, Publisher<Integer> right, @Nullable Integer prefetch) {
                Flowable<String> joined = prefetch == null
                        ? lox.rxjava.OuterJoins.full(left, id -> id, right, id -> id, Joining::described)
                        : lox.rxjava.OuterJoins.full(left, id -> id, right, id -> id, Joining::described, prefetch);
                return Flux.from(joined);
            }

            @Override
            Flux<String> left(Publisher<Integer> left, Publisher<Integer> right, @Nullable Integer prefetch) {
                Flowable<String> joined = prefetch == null
                        ? lox.rxjava.OuterJoins.left(left, id -> id, right, id -> id, Joining::withLeft)
                        : lox.rxjava.OuterJoins.left(left, id -> id, right, id -> id, Joining::withLeft, prefetch);
                return Flux.from(joined);
            }
        };

        abstract Flux<String> full(Publisher<Integer> left, Publisher<Integer> right, @Nullable Integer prefetch);

        abstract Flux<String> left(Publisher<Integer> left, Publisher<Integer> right, @Nullable Integer prefetch);

        private static String withLeft(Integer id, Integer left, Optional<Integer> right) {
            return described(id, Optional.of(left), right);
        }

        private static String described(Integer id, Optional<Integer> left, Optional<Integer> right) {
            left.ifPresent(value -> assertThat(value).isEqualTo(id));
            right.ifPresent(value -> assertThat(value).isEqualTo(id));
            return (left.isPresent() ? "<" : "") + id + (right.isPresent() ? ">" : "");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepWhatFindsNoPartner(Joining library) {
        StepVerifier.create(library.full(Flux.just(1, 2, 3), Flux.just(3, 4, 1, 5), null))
                .expectNext("<3>")
                .expectNext("4>") // the left has completed before, so no partner will come
                .expectNext("<1>")
                .expectNext("5>")
                .expectNext("<2")
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(library.left(Flux.just(1, 2, 3), Flux.just(3, 4, 1, 5), null))
                .expectNext("<3>", "<1>", "<2")
                .expectComplete()
                .verify(LIMIT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepEverythingOfOneSideIfTheOtherIsEmpty(Joining library) {
        Flux<Integer> three = Flux.just(1, 2, 3);
        Flux<Integer> none = Flux.empty();
        StepVerifier.create(library.full(three, none, null))
                .expectNext("<1", "<2", "<3")
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(library.full(none, three, null))
                .expectNext("1>", "2>", "3>")
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(library.full(none, none, null)).expectComplete().verify(LIMIT);
        StepVerifier.create(library.left(three, none, null))
                .expectNext("<1", "<2", "<3")
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(library.left(none, Flux.never(), null))
                .expectComplete()
                .verify(LIMIT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldJoinAtOnceAndTheRestWhenTheOtherSideHasCompleted(Joining library) {
        TestPublisher<Integer> left = TestPublisher.create();
        TestPublisher<Integer> right = TestPublisher.create();
        StepVerifier.create(library.full(left, right, null))
                .then(() -> left.next(1, 2))
                .then(() -> right.next(3, 1))
                .expectNext("<1>")
                .then(left::complete)
                .expectNext("3>")
                .then(() -> right.next(4))
                .expectNext("4>")
                .then(() -> right.next(2))
                .expectNext("<2>")
                .then(right::complete)
                .expectComplete()
                .verify(LIMIT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndALeftJoinWithTheLeft(Joining library) {
        TestPublisher<Integer> left = TestPublisher.create();
        TestPublisher<Integer> right = TestPublisher.create();
        StepVerifier.create(library.left(left, right, null))
                .then(() -> left.next(1, 2))
                .then(() -> right.next(3, 1))
                .expectNext("<1>")
                .then(left::complete)
                .then(() -> right.next(4))
                .then(() -> right.next(2))
                .expectNext("<2>")
                .expectComplete()
                .verify(LIMIT);
        right.assertCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailWithOneAndCancelTheOther(Joining library) {
        TestPublisher<Integer> left = TestPublisher.create();
        TestPublisher<Integer> right = TestPublisher.create();
        StepVerifier.create(library.full(left, right, null))
                .then(() -> left.next(1, 2))
                .then(() -> right.next(1))
                .expectNext("<1>")
                .then(() -> right.error(new IllegalStateException("planned")))
                .expectErrorMessage("planned") // and "<2" is not among the results
                .verify(LIMIT);
        left.assertCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCancelBoth(Joining library) {
        TestPublisher<Integer> left = TestPublisher.create();
        TestPublisher<Integer> right = TestPublisher.create();
        StepVerifier.create(library.full(left, right, null))
                .then(() -> left.next(1))
                .thenCancel()
                .verify(LIMIT);
        left.assertCancelled();
        right.assertCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRespectDemandAndAskForAPrefetch(Joining library) {
        AtomicInteger asked = new AtomicInteger();
        Flux<Integer> left = Flux.range(0, 1_000).doOnRequest(n -> asked.addAndGet((int) n));
        StepVerifier.create(library.full(left, Flux.empty(), 8), 0)
                .thenRequest(1)
                .expectNext("<0")
                .thenRequest(2)
                .expectNext("<1", "<2")
                .then(() -> assertThat(asked.get()).isLessThan(40))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(997)
                .expectComplete()
                .verify(LIMIT);
    }

    /** The sides share half of their ids, and come from two threads. */
    @ParameterizedTest
    @EnumSource
    void shouldGiveEachValueOnceWhileBothSidesEmit(Joining library) {
        int count = 20_000;
        Set<String> expected = new HashSet<>();
        IntStream.range(0, count).forEach(i -> {
            expected.add(i % 2 == 0 ? "<" + i + ">" : "<" + i);
            expected.add(i % 2 == 0 ? "<" + i + ">" : -i + ">");
        });
        Flux<Integer> left = Flux.range(0, count).publishOn(Schedulers.parallel());
        Flux<Integer> right = Flux.range(0, count)
                .map(i -> i ^ 6)
                .map(i -> i % 2 == 0 ? i : -i)
                .publishOn(Schedulers.parallel());
        List<String> joined = library.full(left, right, 64).collectList().block(LIMIT);
        assertThat(joined).hasSameSizeAs(expected); // so none twice; a list would be compared with each of the other
        assertThat(new HashSet<>(joined)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("NullAway") // on purpose
    void shouldCheckTheArguments(Joining library) {
        Flux<Integer> some = Flux.just(1);
        assertThatNullPointerException()
                .isThrownBy(() -> library.full(null, some, null))
                .withMessage("first");
        assertThatNullPointerException()
                .isThrownBy(() -> library.left(some, null, null))
                .withMessage("second");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> library.full(some, some, 0))
                .withMessageContaining("prefetch");
    }
}
