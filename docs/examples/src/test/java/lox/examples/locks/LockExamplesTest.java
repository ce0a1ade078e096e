package lox.examples.locks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class LockExamplesTest {
    @Test
    void shouldLetPeopleInBeforeTheWaitingJanitorWithALightSwitch() throws InterruptedException {
        assertThat(Restroom.withLightSwitch())
                .containsExactly(
                        "person 0 enters",
                        "person 1 enters",
                        "person 1 leaves",
                        "person 0 leaves",
                        "janitor enters",
                        "janitor leaves");
    }

    @Test
    void shouldLetTheJanitorInBeforeThoseWhoComeLaterWithAReadWriteLock() throws InterruptedException {
        assertThat(Restroom.withReadWriteLock())
                .containsExactly(
                        "person 0 enters",
                        "person 0 leaves",
                        "janitor enters",
                        "janitor leaves",
                        "person 1 enters",
                        "person 1 leaves");
    }

    @Test
    void shouldNeverUseACardTwiceAtATime() throws Exception {
        AtomicIntegerArray users = new AtomicIntegerArray(4);
        AtomicInteger collisions = new AtomicInteger();
        GraphicsCards cards = new GraphicsCards((frame, card) -> {
            if (users.incrementAndGet(card) != 1) {
                collisions.incrementAndGet();
            }
            users.decrementAndGet(card);
            return "frame " + frame;
        });
        List<String> expected =
                IntStream.range(0, 200).mapToObj(frame -> "frame " + frame).toList();
        assertThat(cards.renderWithThreads(200, 8)).isEqualTo(expected);
        assertThat(cards.renderInAPipeline(200).collectList().block(Patience.LIMIT))
                .isEqualTo(expected);
        assertThat(collisions).hasValue(0);
    }

    @Test
    void shouldLoadWhatFitsIntoTheBudgetAndLetNothingOvertakeALargeDocument() {
        MemoryBudget budget = new MemoryBudget(100);
        budget.change(64);
        AtomicInteger used = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> begun = new CopyOnWriteArrayList<>();
        List<Integer> sizes = IntStream.range(0, 200)
                .mapToObj(i -> i % 5 == 2 ? 60 : 1 + i % 20)
                .toList();
        List<Integer> loaded = budget.load(sizes, size -> {
                    begun.add(size);
                    most.accumulateAndGet(used.addAndGet(size), Math::max);
                    used.addAndGet(-size);
                    return size;
                })
                .collectList()
                .block(Patience.LIMIT);
        assertThat(loaded).containsExactlyInAnyOrderElementsOf(sizes);
        assertThat(begun).containsExactlyInAnyOrderElementsOf(sizes);
        assertThat(most.get()).isBetween(60, 64);
    }

    @Test
    void shouldLoseNoMoneyAndKeepNoLock() throws Exception {
        Accounts accounts = new Accounts();
        List<String> names = List.of("Ada", "Barbara", "Grace"); // each pays each as often as the other way round
        ExecutorService tellers = Executors.newFixedThreadPool(4);
        List<Future<?>> transfers = new ArrayList<>();
        for (int i = 0; i < 4_500; i++) {
            String from = names.get(i % 3);
            String to = names.get(i / 3 % 3);
            transfers.add(tellers.submit(() -> {
                accounts.transfer(from, to, 1);
                return null;
            }));
        }
        for (Future<?> transfer : transfers) {
            transfer.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        tellers.shutdown();
        assertThat(names.stream().map(accounts::balance)).containsOnly(0);
        assertThat(accounts.locked()).isZero();
    }
}
