package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Results of an {@code expand} that nobody receives go to the discard hook, each once: of seeds and of what was found. */
class ExpandDiscardTest {
    private static final Duration LIMIT = Patience.LIMIT;

    private static final String USER = "lox-expand-discard-user";

    private final Queue<Integer> dropped = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();
    private final CountDownLatch opened = new CountDownLatch(1);

    @AfterEach
    void resetHooks() {
        opened.countDown();
        Hooks.resetOnErrorDropped();
    }

    /** Each number leads to the next one. */
    private static List<Integer> next(int number) {
        return List.of(number + 1);
    }

    /** The bad one fails when {@link #opened} is open. */
    private Scatter<Integer, Integer> failingAt(int bad) {
        return Lox.thread(1, i -> {
            if (i == bad) {
                opened.await();
                throw new IllegalStateException("bad");
            }
            ran.add(i);
            return i;
        });
    }

    /** The given one and those after it run until they are let go, whatever interrupts them. */
    private Scatter<Integer, Integer> stubbornFrom(int first, int workers, CountDownLatch started) {
        return Lox.thread(workers, i -> {
            if (i >= first) {
                started.countDown();
                while (opened.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }
            ran.add(i);
            return i;
        });
    }

    private void awaitDropped(int count) {
        Patience.until("all are discarded", () -> dropped.size() >= count);
    }

    @Test
    void shouldDiscardTheGoodResultsWhenATaskFails() {
        Mono<List<Integer>> list =
                failingAt(6).expand(List.of(0), ExpandDiscardTest::next).doOnDiscard(Integer.class, dropped::add);
        opened.countDown();

        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("bad");

        awaitDropped(6);
        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("bad");
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4, 5);
    }

    /** That of whose arguments something is wrong, too. */
    @Test
    void shouldDiscardTheGoodResultsWhenTheFunctionOfTheResultsFails() throws InterruptedException {
        CountDownLatch subscribed = new CountDownLatch(1);
        Mono<List<Integer>> list = failingAt(-1)
                .expand(List.of(0), i -> {
                    if (i == 5) {
                        awaitOpening(subscribed);
                        throw new IllegalArgumentException("of the results");
                    }
                    return next(i);
                })
                .doOnDiscard(Integer.class, dropped::add);
        list.subscribe(values -> {}, failure -> {});
        subscribed.countDown();

        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("of the results");

        awaitDropped(6);
        assertThat(dropped).containsExactly(0, 1, 2, 3, 4, 5);
    }

    private static void awaitOpening(CountDownLatch latch) {
        Patience.until("it is open", () -> latch.getCount() == 0);
    }

    @Test
    void shouldDiscardToTheFirstWhoComesAfterTheFailure() {
        Mono<List<Integer>> list = failingAt(4).expand(List.of(0), ExpandDiscardTest::next);
        opened.countDown();
        Patience.until("it has failed", () -> Scannable.from(list).scanOrDefault(Attr.TERMINATED, false));
        assertThat(dropped).isEmpty();

        assertThatThrownBy(() -> list.doOnDiscard(Integer.class, dropped::add).block(LIMIT))
                .hasMessage("bad");

        awaitDropped(4);
        assertThat(dropped).containsExactly(0, 1, 2, 3);
    }

    /** One that runs at the failure gives its result later, and that leads to nothing any more. */
    @Test
    void shouldDiscardWhatEndsAfterTheFailure() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = stubbornFrom(10, 2, started);
        Queue<Integer> asked = new ConcurrentLinkedQueue<>();
        Mono<List<Integer>> list = function.expand(List.of(10, 0), i -> {
                    asked.add(i);
                    if (i == 3) {
                        awaitOpening(started);
                        throw new IllegalArgumentException("of the results");
                    }
                    return next(i);
                })
                .doOnDiscard(Integer.class, dropped::add);
        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("of the results");
        awaitDropped(4);
        assertThat(dropped).containsExactly(0, 1, 2, 3);

        opened.countDown();

        awaitDropped(5);
        assertThat(dropped).containsExactly(0, 1, 2, 3, 10);
        assertThat(function.gather(List.of(20)).block(LIMIT)).containsExactly(20);
        assertThat(asked).containsExactly(0, 1, 2, 3);
    }

    @Test
    void shouldDiscardAtACancelAndWhatEndsAfterIt() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Scatter<Integer, Integer> function = stubbornFrom(3, 1, started);
        Disposable subscription = function.expand(List.of(0), ExpandDiscardTest::next)
                .doOnDiscard(Integer.class, dropped::add)
                .subscribe();
        started.await();

        subscription.dispose();
        assertThat(dropped).containsExactly(0, 1, 2);
        opened.countDown();

        awaitDropped(4);
        assertThat(dropped).containsExactly(0, 1, 2, 3);
        assertThat(function.gather(List.of(7)).block(LIMIT)).containsExactly(7);
        assertThat(ran).containsExactly(0, 1, 2, 3, 7);
    }

    /** In the instant before the function of the results is called, which the restored context shows. */
    @Test
    void shouldNotAskWhatADiscardedResultLeadsTo() {
        ThreadLocal<@Nullable String> user = new ThreadLocal<>();
        AtomicBoolean ran = new AtomicBoolean();
        AtomicReference<@Nullable Disposable> subscription = new AtomicReference<>();
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        USER,
                        user::get,
                        name -> {
                            user.set(name);
                            Disposable under = subscription.get();
                            if (ran.get() && under != null) {
                                under.dispose();
                            }
                        },
                        user::remove);
        try {
            user.set("caller");
            Scatter<Integer, Integer> function = Lox.thread(1, i -> {
                opened.await();
                ran.set(true);
                return i;
            });
            subscription.set(function.expand(List.of(7), i -> {
                        asked.add("what " + i + " leads to");
                        return List.of();
                    })
                    .doOnDiscard(Integer.class, dropped::add)
                    .subscribe());
            opened.countDown();
            awaitDropped(1);
            assertThat(function.gather(List.of(8)).block(LIMIT)).containsExactly(8);
        } finally {
            user.remove();
            ContextRegistry.getInstance().removeThreadLocalAccessor(USER);
        }
        assertThat(dropped).containsExactly(7);
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldDiscardWhenTheWorkersAreClosed() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Workers workers = Workers.threads(1).build();
        Scatter<Integer, Integer> function = Lox.on(workers, i -> {
            if (i == 3) {
                started.countDown();
                opened.await();
            }
            return i;
        });
        Mono<List<Integer>> list =
                function.expand(List.of(0), ExpandDiscardTest::next).doOnDiscard(Integer.class, dropped::add);
        list.subscribe(values -> {}, failure -> {});
        started.await();

        workers.close();

        assertThatThrownBy(() -> list.block(LIMIT)).isInstanceOf(CancellationException.class);
        awaitDropped(3);
        assertThat(dropped).containsExactly(0, 1, 2);
    }

    /** The calls end in this thread, and so does what is found. */
    @Test
    void shouldDiscardTheResultsOfAFunctionThatDoesNotBlock() {
        Sinks.One<Integer> last = Sinks.one();
        Scatter<Integer, Integer> function = Lox.async(1, i -> i == 4 ? last.asMono() : Mono.just(i));
        Mono<List<Integer>> list =
                function.expand(List.of(0), ExpandDiscardTest::next).doOnDiscard(Integer.class, dropped::add);
        list.subscribe(values -> {}, failure -> {});
        Patience.until("the last one is under way", () -> last.currentSubscriberCount() == 1);

        last.tryEmitError(new IllegalStateException("bad"));

        assertThatThrownBy(() -> list.block(LIMIT)).hasMessage("bad");
        awaitDropped(4);
        assertThat(dropped).containsExactly(0, 1, 2, 3);
    }

    @Test
    void shouldDiscardNothingOfOneThatEndsWell() {
        Mono<List<Integer>> list = failingAt(-1)
                .expand(List.of(0), i -> i < 5 ? next(i) : List.of())
                .doOnDiscard(Integer.class, dropped::add);
        list.block(LIMIT);
        list.subscribe().dispose();

        assertThat(list.block(LIMIT)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(dropped).isEmpty();
    }

    /** Failures, cancels and late results at any time: each result is received, or discarded once. */
    @Test
    void shouldReceiveOrDiscardEachResultOnce() {
        Hooks.onErrorDropped(failure -> {}); // of runs that were cancelled
        AtomicInteger numbers = new AtomicInteger();
        Set<Integer> received = ConcurrentHashMap.newKeySet();
        Scatter<Integer, Integer> function = Lox.thread(3, i -> {
            if (i < 0) {
                throw new IllegalStateException("bad");
            }
            ran.add(i);
            return i;
        });
        for (int round = 0; round < 2_000; round++) {
            int most = ThreadLocalRandom.current().nextInt(1, 60);
            int kind = round % 3;
            AtomicInteger found = new AtomicInteger();
            Mono<List<Integer>> list = function.expand(
                            List.of(numbers.incrementAndGet(), numbers.incrementAndGet()), i -> {
                                if (found.incrementAndGet() < most) {
                                    return List.of(numbers.incrementAndGet(), numbers.incrementAndGet());
                                }
                                if (kind == 1) {
                                    throw new IllegalArgumentException("of the results");
                                }
                                return kind == 2 ? List.of(-1) : List.of();
                            })
                    .doOnDiscard(Integer.class, dropped::add);
            Disposable first = list.subscribe(received::addAll, failure -> {});
            int pause = ThreadLocalRandom.current().nextInt(1_000);
            for (int i = 0; i < pause; i++) {
                Thread.onSpinWait();
            }
            first.dispose();
            list.doOnNext(received::addAll).onErrorComplete().block(LIMIT);
        }

        Set<Integer> results = Set.copyOf(ran);
        Patience.until("each is received or discarded", () -> {
            Set<Integer> lost = new HashSet<>(results);
            lost.removeAll(received);
            dropped.forEach(lost::remove);
            return lost.isEmpty();
        });
        List<Integer> discarded = List.copyOf(dropped);
        assertThat(discarded).as("discarded once").doesNotHaveDuplicates();
        assertThat(discarded).as("received and discarded").doesNotContainAnyElementsOf(received);
        assertThat(received).as("both happen").isNotEmpty();
        assertThat(discarded).as("both happen").isNotEmpty();
    }
}
