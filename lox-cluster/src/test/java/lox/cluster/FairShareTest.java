package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two programs share the slots of a member. */
class FairShareTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    @SuppressWarnings("NullAway.Init") // before the first test
    private static LocalMembers members;

    @BeforeAll
    static void start() {
        members = LocalMembers.start(1, 2);
    }

    @AfterAll
    static void end() {
        members.close();
    }

    private static Workers workers(Cluster cluster, Duration idleTimeout) {
        return Workers.processes(2).on(cluster).idleTimeout(idleTimeout).build();
    }

    /** The first program never comes to its end, and its workers never idle: so the second has a slot of its. */
    @Test
    void shouldGiveAShareToAProgramThatComesLater() throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        AtomicBoolean isEnough = new AtomicBoolean();
        try (Cluster first = members.join();
                Cluster second = members.join();
                Workers busy = workers(first, FOR_EVER);
                Workers late = workers(second, FOR_EVER)) {
            Scatter<Integer, Integer> next = Lox.on(busy, i -> i + 1);
            Thread endless = new Thread(() -> {
                try (Stream<Integer> results = next.map(Stream.iterate(0, i -> !isEnough.get(), i -> i + 1))) {
                    results.forEach(result -> done.incrementAndGet());
                }
            });
            endless.start();
            Patience.until(
                    "the first program has both slots",
                    () -> busy.snapshot().processes().live().size() == 2 && done.get() > 100);
            Scatter<Integer, Integer> twice = Lox.on(late, i -> i * 2);
            assertThat(twice.gather(List.of(1, 2, 3))).containsExactly(2, 4, 6);
            int before = done.get();
            Patience.until("the first program goes on with the other slot", () -> done.get() > before + 100);
            isEnough.set(true);
            endless.join();
        }
    }

    /** A program that has work for every slot, and never comes to its end. */
    private static final class Endless implements AutoCloseable {
        private final Cluster cluster;
        private final Workers workers;
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicBoolean isEnough = new AtomicBoolean();
        private final Thread thread;

        Endless(LocalMembers members, int slots) {
            cluster = members.join();
            workers = Workers.processes(slots)
                    .on(cluster)
                    .idleTimeout(FOR_EVER)
                    .jvmArgs("-XX:TieredStopAtLevel=1")
                    .build();
            Scatter<Integer, Integer> next = Lox.on(workers, i -> {
                LockSupport.parkNanos(1_000_000);
                return i + 1;
            });
            thread = new Thread(() -> {
                try (Stream<Integer> results = next.map(Stream.iterate(0, i -> !isEnough.get(), i -> i + 1))) {
                    results.forEach(result -> done.incrementAndGet());
                }
            });
            thread.start();
        }

        int used() {
            return cluster.members().stream().mapToInt(Member::used).sum();
        }

        @Override
        public void close() {
            isEnough.set(true);
            try {
                thread.join();
            } catch (InterruptedException nobodyDoesThat) {
                throw new AssertionError(nobodyDoesThat);
            }
            workers.close();
            cluster.close();
        }
    }

    /** The second comes when the first has all slots. From then on neither has less than half of its share. */
    @Test
    void shouldShareEvenlyInTheLongRun() {
        int slots = 4;
        int looks = 100;
        try (LocalMembers own = LocalMembers.start(1, slots);
                Endless first = new Endless(own, slots)) {
            Patience.until("the first has all slots", () -> first.used() == slots && first.done.get() > 0);
            try (Endless second = new Endless(own, slots)) {
                Patience.until("each has half of them", () -> first.used() == slots / 2 && second.used() == slots / 2);
                int ofFirst = 0;
                int ofSecond = 0;
                for (int i = 0; i < looks; i++) {
                    int before = Math.min(first.done.get(), second.done.get());
                    Patience.until("both go on", () -> Math.min(first.done.get(), second.done.get()) > before + slots);
                    ofFirst += first.used();
                    ofSecond += second.used();
                }
                assertThat(List.of(ofFirst, ofSecond)).allMatch(used -> used >= looks * slots / 4);
            }
        }
    }

    /** Who waits need not wait until workers have idled for long. */
    @Test
    void shouldGiveIdleSlotsToAProgramThatWaits() {
        try (Cluster first = members.join();
                Cluster second = members.join();
                Workers idle = workers(first, FOR_EVER);
                Workers late = workers(second, FOR_EVER)) {
            assertThat(useBoth(idle)).isEqualTo(2);
            Scatter<Integer, Integer> twice = Lox.on(late, i -> i * 2);
            assertThat(twice.gather(List.of(1, 2, 3))).containsExactly(2, 4, 6);
        }
    }

    @Test
    void shouldGiveIdleSlotsBackThoughNobodyWaits() {
        try (Cluster cluster = members.join();
                Workers idle = workers(cluster, Duration.ofMillis(50))) {
            assertThat(useBoth(idle)).isPositive();
            Patience.until(
                    "no slot is used",
                    () -> cluster.members().stream().mapToInt(Member::used).sum() == 0);
        }
    }

    /** How many workers have started, once there have been two at once or it is clear that one suffices. */
    private static long useBoth(Workers workers) {
        Scatter<Integer, Integer> slow = Lox.on(workers, i -> {
            long end = System.nanoTime() + 200_000_000; // so that another worker is worth its start
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return i;
        });
        Patience.until("both slots have been used", () -> {
            slow.gather(List.of(1, 2, 3, 4));
            return workers.snapshot().processes().started() >= 2;
        });
        return workers.snapshot().processes().live().size();
    }
}
