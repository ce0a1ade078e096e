package lox.sync.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import lox.sync.lock.Threads.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keys add to a lock; the rest of the contract is in the tests of all locks. */
class KeyedLockTest {
    /** A key like no other, with the hash code of all the others. */
    private record Colliding(int number) {
        @Override
        public int hashCode() {
            return 7;
        }
    }

    private final KeyedLock<Object> lock = new KeyedLock<>();

    @Test
    void shouldKeepNothingOfAMillionKeys() throws InterruptedException {
        for (int i = 0; i < 1_000_000; i++) {
            lock.forKey(i).acquire().close();
        }
        assertThat(lock.table.isEmpty()).isTrue();
        assertThat(lock.keys()).isEmpty();
    }

    @Test
    void shouldKeepNothingHoweverARequestEnds() {
        Acquirable<Permit> key = lock.forKey("key");
        Permit held = key.tryAcquire().orElseThrow();
        assertThat(key.tryAcquire()).isEmpty();
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> key.acquire(Duration.ZERO));
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> key.acquire(Duration.ofMillis(1)));
        PermitRequest<Permit> late = key.request(Duration.ofMillis(1));
        PermitRequest<Permit> never = key.request(Duration.ZERO);
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(late::await);
        assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(never::await);
        PermitRequest<Permit> cancelled = key.request();
        assertThat(cancelled.cancel()).isTrue();
        cancelled.close();
        Running<Boolean> interrupted = Threads.start(() -> {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(key::acquire);
            return true;
        });
        Threads.until(() -> lock.waiting() == 1);
        interrupted.thread().interrupt();
        assertThat(interrupted.join()).isTrue();
        PermitRequest<Permit> granted = key.request();
        held.close();
        held.close();
        assertThat(lock.held()).isEqualTo(1);
        granted.close();
        granted.close();
        assertThat(lock.table.isEmpty()).isTrue();
    }

    @Test
    void shouldKeepTheLockOfAKeyAsLongAsARequestWaits() {
        Permit held = lock.forKey(1).tryAcquire().orElseThrow();
        PermitRequest<Permit> first = lock.forKey(1).request();
        PermitRequest<Permit> second = lock.forKey(1).request();
        held.close();
        assertThat(lock.forKey(1).tryAcquire()).isEmpty();
        assertThat(lock.keys()).containsExactly(1);
        first.close();
        assertThat(second.cancel()).isFalse();
        second.close();
        assertThat(lock.table.isEmpty()).isTrue();
    }

    @Test
    void shouldBeALockBelowALightSwitch() {
        LightSwitch readers = new LightSwitch(lock.forKey("room"));
        Permit first = readers.tryAcquire().orElseThrow();
        Permit second = readers.tryAcquire().orElseThrow();
        PermitRequest<Permit> alone = lock.forKey("room").request();
        first.close();
        assertThat(lock.waiting()).isEqualTo(1);
        second.close();
        PermitRequest<Permit> again = readers.request();
        assertThat(again.cancel()).isTrue();
        assertThat(alone.cancel()).isFalse();
        alone.close();
        assertThat(lock.table.isEmpty()).isTrue();
    }

    @Test
    void shouldNotKeepAKeyItself() {
        WeakReference<Object> key = new WeakReference<>(useAndForget());
        Threads.until(() -> {
            System.gc();
            return key.get() == null;
        });
        assertThat(lock.table.isEmpty()).isTrue();
    }

    private Object useAndForget() {
        Object key = new Object();
        lock.forKey(key).tryAcquire().orElseThrow().close();
        return key;
    }

    @Test
    void shouldTellKeysApartByEquals() {
        Permit held = lock.forKey(List.of("a", 1)).tryAcquire().orElseThrow();
        assertThat(lock.forKey(new ArrayList<>(List.of("a", 1))).tryAcquire()).isEmpty();
        Permit other = lock.forKey(List.of("a", 2)).tryAcquire().orElseThrow();
        assertThat(lock.keys()).containsExactlyInAnyOrder(List.of("a", 1), List.of("a", 2));
        assertThat(lock.held()).isEqualTo(2);
        held.close();
        other.close();
        assertThat(lock.table.isEmpty()).isTrue();
    }

    @Test
    void shouldTellKeysOfOneHashCodeApart() {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            permits.add(lock.forKey(new Colliding(i)).tryAcquire().orElseThrow());
        }
        for (int i : new int[] {9, 0, 19, 5}) {
            assertThat(lock.forKey(new Colliding(i)).tryAcquire()).isEmpty();
            permits.get(i).close();
            permits.set(i, lock.forKey(new Colliding(i)).tryAcquire().orElseThrow());
        }
        assertThat(lock.keys())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(Colliding::new).toList());
        permits.forEach(Permit::close);
        assertThat(lock.table.isEmpty()).isTrue();
    }

    @Test
    void shouldKeepNothingOfAKeyWhoseMethodsThrow() {
        Permit held = lock.forKey(new Colliding(1)).tryAcquire().orElseThrow();
        Acquirable<Permit> broken = lock.forKey(new Object() {
            @Override
            public int hashCode() {
                throw new IllegalStateException("on purpose");
            }
        });
        assertThatIllegalStateException().isThrownBy(broken::tryAcquire);
        assertThatIllegalStateException().isThrownBy(broken::request);
        assertThat(lock.held()).isEqualTo(1);
        held.close();
        assertThat(lock.table.isEmpty()).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseANullKey() {
        assertThatNullPointerException().isThrownBy(() -> lock.forKey(null)).withMessage("key");
    }

    @Test
    void shouldNameTheKeyOfEachRequest() {
        Permit a = lock.forKey("a").tryAcquire().orElseThrow();
        Permit b = lock.forKey("b").tryAcquire().orElseThrow();
        PermitRequest<Permit> first = lock.forKey("a").request();
        PermitRequest<Permit> second = lock.forKey("a").request();
        PermitRequest<Permit> other = lock.forKey("b").request();
        assertThat(lock.report().waiters())
                .extracting(LockReport.Entry::door)
                .containsExactlyInAnyOrder("KeyedLock.forKey(a)", "KeyedLock.forKey(a)", "KeyedLock.forKey(b)");
        assertThat(lock.toString()).startsWith("KeyedLock[2 inside, 3 waiting, the first for ");
        assertThat(lock.snapshot().longestWait()).isPositive();
        assertThatExceptionOfType(AcquireTimeoutException.class)
                .isThrownBy(() -> lock.forKey("a").acquire(Duration.ZERO))
                .withMessage("not free: the lock of key a");
        for (AutoCloseable each : List.of(a, b, first, second, other)) {
            assertThat(each).isNotNull();
        }
        a.close();
        first.close();
        second.close();
        b.close();
        other.close();
        assertThat(lock.table.isEmpty()).isTrue();
    }

    /** Counts with a plain field: it is right only if nobody else is inside, and if one sees what the last one did. */
    private static final class Counter {
        private int count;
    }

    @Tag("race")
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void shouldNeverHaveTwoInsideWhileTheLockOfTheKeyComesAndGoes(int threads) {
        int keys = 2;
        Counter[] counters = {new Counter(), new Counter()};
        List<Running<int[]>> running = Threads.startAll(threads, () -> {
            Random random = new Random(Thread.currentThread().getId());
            int[] entered = new int[keys];
            for (int i = 0; i < 100_000; i++) {
                int number = random.nextInt(8) == 0 ? 1 : 0;
                Acquirable<Permit> key = lock.forKey(new Colliding(number));
                try (Permit permit = take(key, random)) {
                    if (permit != null) {
                        counters[number].count++;
                        entered[number]++;
                    }
                }
            }
            return entered;
        });
        int[] entered = new int[keys];
        for (Running<int[]> each : running) {
            int[] those = each.join();
            for (int i = 0; i < keys; i++) {
                entered[i] += those[i];
            }
        }
        for (int i = 0; i < keys; i++) {
            assertThat(counters[i].count).isEqualTo(entered[i]).isPositive();
        }
        Threads.until(lock.table::isEmpty);
    }

    private static @Nullable Permit take(Acquirable<Permit> key, Random random) throws InterruptedException {
        switch (random.nextInt(5)) {
            case 0 -> {
                return key.tryAcquire().orElse(null);
            }
            case 1 -> {
                PermitRequest<Permit> request = key.request();
                return request.cancel() ? null : request.await();
            }
            case 2 -> {
                try {
                    return key.acquire(Duration.ofNanos(random.nextInt(20_000)));
                } catch (AcquireTimeoutException late) {
                    return null;
                }
            }
            case 3 -> {
                return key.request().await();
            }
            default -> {
                return key.acquire();
            }
        }
    }

    @Test
    void shouldReportALostPermitWithItsKey() {
        System.setProperty("lox.lock.trackPermits", "true");
        try {
            KeyedLock<String> tracked = new KeyedLock<>();
            Optional<Permit> permit = tracked.forKey("till").tryAcquire();
            assertThat(tracked.report().holders())
                    .singleElement()
                    .satisfies(holder -> assertThat(holder.toString())
                            .contains("through KeyedLock.forKey(till), asked at ")
                            .contains("KeyedLockTest.shouldReportALostPermitWithItsKey"));
            permit.orElseThrow().close();
            assertThat(tracked.report().holders()).isEmpty();
        } finally {
            System.clearProperty("lox.lock.trackPermits");
        }
    }
}
