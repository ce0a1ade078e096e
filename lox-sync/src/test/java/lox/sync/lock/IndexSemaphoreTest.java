package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSemaphoreTest {
    @Test
    void shouldBeginWithZeroAndHandOutWhatWasReleasedLongestAgo() {
        IndexSemaphore cards = new IndexSemaphore(3);
        List<IndexPermit> all =
                Stream.generate(() -> cards.tryAcquire().orElseThrow()).limit(3).toList();
        assertThat(all).extracting(IndexPermit::index).containsExactly(0, 1, 2);
        all.get(1).close();
        all.get(2).close();
        all.get(0).close();
        assertThat(Stream.generate(() -> cards.tryAcquire().orElseThrow().index())
                        .limit(3))
                .containsExactly(1, 2, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 100})
    void shouldHandOutEachIndexOnceAndThenTheOldest(int resources) {
        IndexSemaphore cards = new IndexSemaphore(resources);
        List<IndexPermit> all = Stream.generate(() -> cards.tryAcquire().orElseThrow())
                .limit(resources)
                .toList();
        assertThat(all).extracting(IndexPermit::index).isSorted().doesNotHaveDuplicates();
        assertThat(cards.tryAcquire()).isEmpty();
        assertThat(cards.held()).isEqualTo(resources);
        List<IndexPermit> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(resources));
        shuffled.forEach(IndexPermit::close);
        assertThat(cards.held()).isZero();
        assertThat(Stream.generate(() -> cards.tryAcquire().orElseThrow().index())
                        .limit(resources)
                        .toList())
                .isEqualTo(shuffled.stream().map(IndexPermit::index).toList());
    }

    @Test
    void shouldHandTheReleasedIndexToTheFirstInLine() {
        IndexSemaphore cards = new IndexSemaphore(2);
        IndexPermit zero = cards.tryAcquire().orElseThrow();
        IndexPermit one = cards.tryAcquire().orElseThrow();
        PermitRequest<IndexPermit> first = cards.request();
        PermitRequest<IndexPermit> second = cards.request();
        one.close();
        zero.close();
        assertThat(Threads.get(first.stage().toCompletableFuture()).index()).isEqualTo(1);
        assertThat(Threads.get(second.stage().toCompletableFuture()).index()).isZero();
        first.close();
        second.close();
        assertThat(cards.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 24) + 1})
    void shouldRefuseAtOnceToShareNothingOrMoreThanThereCanBe(int resources) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IndexSemaphore(resources))
                .withMessageContaining(String.valueOf(resources));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 9})
    void shouldKeepIndicesUniqueInAStormOfCancels(int resources) {
        IndexSemaphore cards = new IndexSemaphore(resources);
        AtomicIntegerArray users = new AtomicIntegerArray(resources);
        List<Running<Integer>> storm = Threads.startAll(5, () -> {
            Random random = new Random(Thread.currentThread().getId());
            int used = 0;
            for (int i = 0; i < 10_000; i++) {
                PermitRequest<IndexPermit> request = cards.request();
                if (random.nextInt(3) == 0) {
                    request.close();
                    continue;
                }
                try (IndexPermit card = request.await()) {
                    assertThat(users.incrementAndGet(card.index())).isEqualTo(1);
                    used++;
                    assertThat(users.decrementAndGet(card.index())).isZero();
                }
            }
            return used;
        });
        storm.forEach(running -> assertThat(running.join()).isPositive());
        assertThat(cards.held()).isZero();
        assertThat(cards.waiting()).isZero();
        assertThat(IntStream.range(0, resources)
                        .map(i -> cards.tryAcquire().orElseThrow().index()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, resources).boxed().toList());
        assertThat(cards.tryAcquire()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 9})
    void shouldHandEachIndexToOneOfTwoWhoComeAtOnce(int resources) {
        IndexSemaphore cards = new IndexSemaphore(resources);
        AtomicIntegerArray users = new AtomicIntegerArray(resources);
        List<Running<Boolean>> coming = Threads.startAll(2, () -> {
            for (long start = System.nanoTime(); System.nanoTime() - start < 500_000_000; ) {
                for (int i = 0; i < 1_000; i++) {
                    try (IndexPermit card = cards.tryAcquire().orElseThrow()) {
                        assertThat(users.getAndSet(card.index(), 1)).isZero();
                        users.set(card.index(), 0);
                    }
                }
            }
            return true;
        });
        coming.forEach(Running::join);
        assertThat(cards.held()).isZero();
    }

    @Test
    void shouldSayHowManyThereAre() {
        assertThat(new IndexSemaphore(7).resources()).isEqualTo(7);
    }
}
