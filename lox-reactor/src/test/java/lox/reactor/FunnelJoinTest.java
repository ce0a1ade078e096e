package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** {@code Joins.join}. */
class FunnelJoinTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private record Photo(int id) {}

    private record Tags(int photoId, String text) {}

    private static Flux<String> joined(Flux<Photo> photos, Flux<Tags> tags) {
        return Joins.join(
                photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> "" + id + photo.id() + tag.text());
    }

    @Test
    void shouldJoinTwoById() {
        Flux<Photo> photos = Flux.just(3, 1, 2).map(Photo::new);
        Flux<Tags> tags = Flux.just(1, 2, 4, 3).map(i -> new Tags(i, "t" + i));
        Flux<String> joined = joined(photos, tags);
        for (int i = 0; i < 2; i++) { // cold
            StepVerifier.create(joined)
                    .expectNext("11t1", "22t2", "33t3")
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void shouldJoinThreeAndFour() {
        Flux<Integer> numbers = Flux.range(0, 3);
        StepVerifier.create(Joins.join(
                        numbers, i -> i, numbers, i -> 2 - i, numbers, i -> i, (id, a, b, c) -> "" + id + a + b + c))
                .expectNext("0020", "1111", "2202")
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(Joins.join(
                        numbers,
                        i -> i,
                        numbers,
                        i -> i,
                        numbers,
                        i -> i,
                        numbers,
                        i -> i,
                        (id, a, b, c, d) -> id + a + b + c + d))
                .expectNext(0, 5, 10)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void shouldJoinWhatComesOnManyThreads() {
        int count = 80 * 256; // so that exclusive or with 255 stays in the range
        Flux<Photo> photos =
                Flux.range(0, count).publishOn(Schedulers.parallel()).map(Photo::new);
        Flux<Tags> tags = Flux.range(0, count).publishOn(Schedulers.parallel()).map(i -> new Tags(i ^ 255, "t"));
        List<Integer> ids = Joins.join(photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> id)
                .publishOn(Schedulers.single(), 16)
                .collectList()
                .block(LIMIT);
        assertThat(ids).hasSize(count);
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, count).boxed().toList());
    }

    @Test
    void shouldAskForNoMoreThanIsWanted() {
        AtomicInteger left = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        Flux<Integer> joined = Joins.join(
                Flux.range(0, 100_000).doOnNext(i -> left.incrementAndGet()).hide(),
                i -> i,
                Flux.range(0, 100_000).doOnNext(i -> right.incrementAndGet()).hide(),
                i -> i,
                (id, a, b) -> id);
        StepVerifier.create(joined, 0)
                .thenRequest(10)
                .expectNextCount(10)
                .then(() -> assertThat(right.get()).isLessThanOrEqualTo(3 * 256))
                .thenRequest(5)
                .expectNext(10, 11, 12, 13, 14)
                .thenCancel()
                .verify(LIMIT);
        assertThat(right.get()).isLessThanOrEqualTo(3 * 256);
    }

    @Test
    void shouldSubscribeToNothingBeforeItIsSubscribedTo() {
        AtomicBoolean subscribed = new AtomicBoolean();
        Flux<Integer> joined = Joins.join(
                Flux.just(1).doOnSubscribe(s -> subscribed.set(true)), i -> i, Flux.just(1), i -> i, (id, a, b) -> id);
        assertThat(subscribed).isFalse();
        assertThat(joined.blockLast(LIMIT)).isEqualTo(1);
    }

    @Test
    void shouldCompleteAsSoonAsNothingCanBeJoinedAnyMore() {
        TestPublisher<Photo> photos = TestPublisher.create();
        TestPublisher<Tags> tags = TestPublisher.create();
        StepVerifier.create(joined(photos.flux(), tags.flux()))
                .then(() -> photos.emit(new Photo(1), new Photo(2)))
                .then(() -> tags.next(new Tags(2, "two")))
                .expectNext("22two")
                .then(() -> tags.next(new Tags(3, "never")))
                .then(() -> tags.next(new Tags(1, "one")))
                .expectNext("11one")
                .expectComplete()
                .verify(LIMIT);
        tags.assertCancelled();
        TestPublisher<Tags> never = TestPublisher.create();
        StepVerifier.create(joined(Flux.empty(), never.flux())).expectComplete().verify(LIMIT);
        never.assertWasNotSubscribed();
    }

    @Test
    void shouldFailWithAPublisherAfterWhatIsJoined() {
        TestPublisher<Photo> photos = TestPublisher.create();
        TestPublisher<Tags> tags = TestPublisher.create();
        StepVerifier.create(joined(photos.flux(), tags.flux()), 0)
                .then(() -> photos.next(new Photo(1)))
                .then(() -> tags.next(new Tags(1, "one")))
                .then(() -> photos.error(new IllegalStateException("planned")))
                .thenRequest(1)
                .expectNext("11one")
                .expectErrorMessage("planned")
                .verify(LIMIT);
        tags.assertCancelled();
    }

    @Test
    void shouldFailWhereJoiningFailsOrGivesNull() {
        TestPublisher<Integer> left = TestPublisher.create();
        TestPublisher<Integer> right = TestPublisher.create();
        StepVerifier.create(Joins.join(left.flux(), i -> i, right.flux(), i -> i, (id, a, b) -> {
                    throw new IOException("planned");
                }))
                .then(() -> left.next(1))
                .then(() -> right.next(1))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("planned"))
                .verify(LIMIT);
        left.assertCancelled();
        right.assertCancelled();
        StepVerifier.create(nullJoin())
                .expectErrorMessage("the join returned null")
                .verify(LIMIT);
    }

    @SuppressWarnings("NullAway") // on purpose
    private static Flux<Integer> nullJoin() {
        return Joins.join(Flux.just(1), i -> i, Flux.just(1), i -> i, (id, a, b) -> null);
    }

    @Test
    void shouldCancelThePublishersAndDiscardWhatWaits() {
        Queue<Object> discarded = new ConcurrentLinkedQueue<>();
        TestPublisher<Photo> photos = TestPublisher.create();
        TestPublisher<Tags> tags = TestPublisher.create();
        StepVerifier.create(joined(photos.flux(), tags.flux()).doOnDiscard(Object.class, discarded::add), 1)
                .then(() -> photos.next(new Photo(1), new Photo(2), new Photo(3)))
                .then(() -> tags.next(new Tags(1, "one")))
                .expectNext("11one")
                .then(() -> tags.next(new Tags(2, "two")))
                .thenCancel()
                .verify(LIMIT);
        photos.assertCancelled();
        tags.assertCancelled();
        assertThat(discarded).containsExactlyInAnyOrder(new Photo(2), new Tags(2, "two"), new Photo(3));
    }

    @Test
    void shouldHandTheContextUpwards() {
        Flux<String> who = Flux.deferContextual(context -> Flux.just(context.<String>get("who")));
        StepVerifier.create(Joins.join(who, s -> 1, who, s -> 1, (id, a, b) -> a + b)
                        .contextWrite(Context.of("who", "me")))
                .expectNext("meme")
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldNameWhatIsNull() {
        Flux<Integer> one = Flux.just(1);
        assertThatThrownBy(() -> Joins.join(null, i -> 1, one, i -> 1, (id, a, b) -> 1))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("first");
        assertThatThrownBy(() -> Joins.join(one, i -> 1, one, null, (id, a, b) -> 1))
                .hasMessage("secondId");
        assertThatThrownBy(() -> Joins.<Integer, Integer, Integer, Integer>join(one, i -> 1, one, i -> 1, null))
                .hasMessage("join");
    }
}
