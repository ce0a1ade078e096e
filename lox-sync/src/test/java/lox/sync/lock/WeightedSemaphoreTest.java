package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.lock.Threads.Running;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What weights and resizing add to a lock; the rest of the contract is in the tests of all locks. */
class WeightedSemaphoreTest {
    private static final int MOST = (1 << 30) - 1;

    private final List<String> granted = new ArrayList<>();

    @Test
    void shouldHoldAWeightByOnePermitAndReturnItOnce() throws InterruptedException {
        WeightedSemaphore semaphore = new WeightedSemaphore(10);
        Permit seven = semaphore.acquire(7);
        Permit three = semaphore.acquire(3, Duration.ZERO);
        assertThat(semaphore.available()).isZero();
        assertThat(semaphore.held()).isEqualTo(10);
        assertThat(semaphore.tryAcquire(1)).isEmpty();
        seven.close();
        seven.close();
        assertThat(semaphore.available()).isEqualTo(7);
        assertThat(semaphore.tryAcquire(8)).isEmpty();
        Permit again = semaphore.tryAcquire(7).orElseThrow();
        assertThat(semaphore.snapshot().holders()).isEqualTo(10);
        again.close();
        three.close();
        assertThat(semaphore.held()).isZero();
    }

    @Test
    void shouldNeverOvertakeAHeavyRequestAtTheHead() {
        WeightedSemaphore semaphore = new WeightedSemaphore(5);
        Permit one = semaphore.tryAcquire(1).orElseThrow();
        PermitRequest<Permit> heavy = listened(semaphore.request(5), "heavy");
        PermitRequest<Permit> light = listened(semaphore.request(), "light");
        PermitRequest<Permit> brief = semaphore.request(1, Duration.ZERO);
        assertThat(semaphore.available()).isEqualTo(4);
        assertThat(semaphore.tryAcquire(1)).isEmpty();
        assertThat(semaphore.tryAcquire()).isEmpty();
        assertThatExceptionOfType(AcquireTimeoutException.class)
                .isThrownBy(() -> semaphore.acquire(1, Duration.ofMillis(2)));
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(brief::await);
        assertThat(granted).isEmpty();
        one.close();
        assertThat(granted).containsExactly("heavy");
        heavy.close();
        assertThat(granted).containsExactly("heavy", "light");
        light.close();
        assertThat(semaphore.available()).isEqualTo(5);
    }

    @Test
    void shouldGrantThoseBehindAHeavyRequestThatIsWithdrawn() {
        WeightedSemaphore semaphore = new WeightedSemaphore(5);
        Permit one = semaphore.tryAcquire(1).orElseThrow();
        PermitRequest<Permit> heavy = listened(semaphore.request(5), "heavy");
        PermitRequest<Permit> two = listened(semaphore.request(2), "two");
        PermitRequest<Permit> three = listened(semaphore.request(3), "three");
        assertThat(heavy.cancel()).isTrue();
        assertThat(granted).containsExactly("two");
        one.close();
        assertThat(granted).containsExactly("two", "three");
        two.close();
        three.close();
        assertThat(semaphore.held()).isZero();
    }

    @Test
    void shouldGrantInOrderWhatFitsWhenItGrows() {
        WeightedSemaphore semaphore = new WeightedSemaphore(2);
        Permit all = semaphore.tryAcquire(2).orElseThrow();
        PermitRequest<Permit> two = listened(semaphore.request(2), "two");
        PermitRequest<Permit> one = listened(semaphore.request(1), "one");
        semaphore.resize(3);
        assertThat(granted).isEmpty();
        assertThat(semaphore.available()).isEqualTo(1);
        semaphore.resize(5);
        assertThat(granted).containsExactly("two", "one");
        assertThat(semaphore.capacity()).isEqualTo(5);
        all.close();
        two.close();
        one.close();
        assertThat(semaphore.available()).isEqualTo(5);
    }

    @Test
    void shouldLetTheHoldersFinishWhenItShrinks() {
        WeightedSemaphore semaphore = new WeightedSemaphore(6);
        Permit three = semaphore.tryAcquire(3).orElseThrow();
        Permit two = semaphore.tryAcquire(2).orElseThrow();
        semaphore.resize(2);
        assertThat(semaphore.available()).isEqualTo(-3);
        assertThat(semaphore.held()).isEqualTo(5);
        PermitRequest<Permit> next = listened(semaphore.request(), "next");
        three.close();
        assertThat(semaphore.available()).isZero();
        assertThat(granted).isEmpty();
        two.close();
        assertThat(granted).containsExactly("next");
        next.close();
        assertThat(semaphore.available()).isEqualTo(2);
        assertThat(semaphore.held()).isZero();
    }

    @Test
    void shouldKeepThePlaceOfARequestThatHasBecomeTooHeavy() {
        WeightedSemaphore semaphore = new WeightedSemaphore(6);
        Permit all = semaphore.tryAcquire(6).orElseThrow();
        PermitRequest<Permit> heavy = listened(semaphore.request(5), "heavy");
        PermitRequest<Permit> light = listened(semaphore.request(1), "light");
        semaphore.resize(3);
        all.close();
        assertThat(semaphore.available()).isEqualTo(3);
        assertThat(semaphore.tryAcquire()).isEmpty();
        assertThat(granted).isEmpty();
        semaphore.resize(6);
        assertThat(granted).containsExactly("heavy", "light");
        heavy.close();
        light.close();
        assertThat(semaphore.held()).isZero();
    }

    @Test
    void shouldTimeOutARequestThatHasBecomeTooHeavyAndGrantTheNext() {
        WeightedSemaphore semaphore = new WeightedSemaphore(6);
        Permit all = semaphore.tryAcquire(6).orElseThrow();
        PermitRequest<Permit> heavy = semaphore.request(5, Duration.ofMillis(20));
        PermitRequest<Permit> light = semaphore.request(1);
        semaphore.resize(3);
        all.close();
        Threads.get(light.stage().toCompletableFuture()).close();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> heavy.stage().toCompletableFuture().join())
                .withCauseInstanceOf(AcquireTimeoutException.class);
        assertThat(semaphore.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 5, Integer.MAX_VALUE})
    void shouldRefuseAWeightThatCannotBeHad(int weight) {
        WeightedSemaphore semaphore = new WeightedSemaphore(9);
        Acquirable<Permit> nine = semaphore.weighing(9);
        semaphore.resize(4);
        List<Runnable> requests = List.of(
                () -> semaphore.weighing(weight),
                () -> semaphore.tryAcquire(weight),
                () -> semaphore.request(weight),
                () -> semaphore.request(weight, Duration.ofDays(1)),
                nine::tryAcquire,
                nine::request);
        for (Runnable request : requests) {
            assertThatIllegalArgumentException()
                    .isThrownBy(request::run)
                    .withMessageContaining("weight must be from 1 to the capacity, 4, not ");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.acquire(weight));
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.acquire(weight, Duration.ofDays(1)));
        assertThatIllegalArgumentException().isThrownBy(nine::acquire);
        assertThat(semaphore.held()).isZero();
        assertThat(semaphore.waiting()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, MOST + 1, Integer.MAX_VALUE})
    void shouldRefuseACapacityOutOfRange(int capacity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightedSemaphore(capacity))
                .withMessage("capacity must be from 1 to 1073741823, not " + capacity);
        WeightedSemaphore semaphore = new WeightedSemaphore(4);
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.resize(capacity));
        assertThat(semaphore.capacity()).isEqualTo(4);
        assertThat(semaphore.available()).isEqualTo(4);
    }

    @Test
    void shouldCountAsFarAsTheGreatestCapacity() {
        WeightedSemaphore semaphore = new WeightedSemaphore(MOST);
        Permit all = semaphore.tryAcquire(MOST).orElseThrow();
        PermitRequest<Permit> one = listened(semaphore.request(), "one");
        semaphore.resize(1);
        assertThat(semaphore.available()).isEqualTo(1 - MOST);
        assertThat(semaphore.held()).isEqualTo(MOST);
        assertThat(semaphore.waiting()).isEqualTo(1);
        all.close();
        assertThat(granted).containsExactly("one");
        semaphore.resize(MOST);
        assertThat(semaphore.available()).isEqualTo(MOST - 1);
        semaphore.tryAcquire(MOST - 1).orElseThrow().close();
        one.close();
        assertThat(semaphore.held()).isZero();
    }

    @Test
    void shouldBeALockBelowALightSwitch() {
        WeightedSemaphore semaphore = new WeightedSemaphore(4);
        LightSwitch readers = new LightSwitch(semaphore.weighing(3));
        Permit first = readers.tryAcquire().orElseThrow();
        Permit second = readers.tryAcquire().orElseThrow();
        assertThat(semaphore.held()).isEqualTo(3);
        first.close();
        second.close();
        assertThat(semaphore.held()).isZero();
    }

    @Test
    void shouldNameTheWeightOfEachRequest() {
        WeightedSemaphore semaphore = new WeightedSemaphore(4);
        Permit all = semaphore.tryAcquire(4).orElseThrow();
        PermitRequest<Permit> three = semaphore.request(3);
        PermitRequest<Permit> one = semaphore.request();
        assertThat(semaphore.report().waiters())
                .extracting(LockReport.Entry::door)
                .containsExactly("WeightedSemaphore.weighing(3)", "WeightedSemaphore");
        assertThat(semaphore.toString()).startsWith("WeightedSemaphore[of 4: 4 inside, 2 waiting, the first for ");
        three.close();
        one.close();
        all.close();
    }

    @Test
    void shouldGrantATryThatComesWhileItIsResizedBeforeItOrNotAtAll() {
        int rounds = 10_000;
        WeightedSemaphore semaphore = new WeightedSemaphore(5);
        Acquirable<Permit> five = semaphore.weighing(5);
        CyclicBarrier start = new CyclicBarrier(2);
        CyclicBarrier end = new CyclicBarrier(2);
        AtomicInteger won = new AtomicInteger();
        Running<Boolean> trying = Threads.start(() -> {
            for (int i = 0; i < rounds; i++) {
                start.await();
                Optional<Permit> permit;
                try {
                    permit = five.tryAcquire();
                } catch (IllegalArgumentException tooLate) {
                    permit = Optional.empty();
                }
                end.await(); // now the other thread looks
                end.await();
                permit.ifPresent(each -> {
                    won.incrementAndGet();
                    each.close();
                });
            }
            return true;
        });
        Running<Boolean> resizing = Threads.start(() -> {
            for (int i = 0; i < rounds; i++) {
                start.await();
                semaphore.resize(1);
                int whenResized = semaphore.available();
                end.await();
                assertThat(semaphore.available()).isEqualTo(whenResized);
                end.await();
                semaphore.resize(5);
            }
            return true;
        });
        resizing.join();
        trying.join();
        assertThat(won.get()).isBetween(0, rounds);
        assertThat(semaphore.available()).isEqualTo(5);
    }

    @Tag("race")
    @Test
    void shouldCountRightWhenThreadsResizeAtTheSameTime() {
        WeightedSemaphore semaphore = new WeightedSemaphore(5);
        Permit held = semaphore.tryAcquire(3).orElseThrow();
        List<Running<Boolean>> resizing = Threads.startAll(3, () -> {
            Random random = new Random(Thread.currentThread().getId());
            for (int i = 0; i < 300_000; i++) {
                semaphore.resize(1 + random.nextInt(1_000));
            }
            return true;
        });
        resizing.forEach(Running::join);
        assertThat(semaphore.available()).isEqualTo(semaphore.capacity() - 3);
        held.close();
        semaphore.resize(5);
        assertThat(semaphore.available()).isEqualTo(5);
    }

    @Tag("race")
    @Test
    void shouldNeverHoldMoreThanItEverHadInAStormOfWeightsAndResizes() {
        int greatest = 12;
        long seed = System.nanoTime();
        WeightedSemaphore semaphore = new WeightedSemaphore(greatest);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Running<Boolean>> resizing = Threads.startAll(2, () -> {
            Random random = new Random(seed ^ Thread.currentThread().getId());
            while (!over.get()) {
                semaphore.resize(1 + random.nextInt(greatest));
            }
            return true;
        });
        List<Running<Integer>> storm = Threads.startAll(3, () -> {
            Random random = new Random(seed ^ Thread.currentThread().getId());
            int entered = 0;
            for (int i = 0; i < 4_000; i++) {
                int weight = 1 + random.nextInt(5);
                try (PermitRequest<Permit> request = semaphore.request(weight)) {
                    if (random.nextInt(4) == 0 && request.cancel()) {
                        continue;
                    }
                    try (Permit permit = request.await()) {
                        assertThat(permit).isNotNull();
                        most.accumulateAndGet(inside.addAndGet(weight), Math::max);
                        entered++;
                        inside.addAndGet(-weight);
                    }
                } catch (IllegalArgumentException tooHeavy) {
                    assertThat(tooHeavy).hasMessageContaining("weight");
                }
            }
            return entered;
        });
        int entered = storm.stream().mapToInt(Running::join).sum();
        over.set(true);
        resizing.forEach(Running::join);
        semaphore.resize(greatest);
        assertThat(entered).as("seed %d", seed).isPositive();
        assertThat(most.get()).as("seed %d", seed).isLessThanOrEqualTo(greatest);
        assertThat(semaphore.available()).as("seed %d", seed).isEqualTo(greatest);
        assertThat(semaphore.held()).isZero();
        assertThat(semaphore.waiting()).isZero();
    }

    private PermitRequest<Permit> listened(PermitRequest<Permit> request, String name) {
        request.stage().thenAccept(permit -> granted.add(name));
        return request;
    }
}
