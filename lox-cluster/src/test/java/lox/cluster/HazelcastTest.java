package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code Workers.cluster} over the executor of a Hazelcast grid of two members, which are in this JVM. */
class HazelcastTest {
    private static final List<HazelcastInstance> GRID = new ArrayList<>();
    private static final Set<String> MEMBERS_SEEN = ConcurrentHashMap.newKeySet();
    private static final CountDownLatch RUNS = new CountDownLatch(1);
    private static final CountDownLatch INTERRUPTED = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        GRID.add(Hazelcast.newHazelcastInstance(config(null)));
        GRID.add(Hazelcast.newHazelcastInstance(config(GRID.get(0))));
        Patience.until(
                "the grid has two members",
                () -> GRID.stream()
                        .allMatch(one -> one.getCluster().getMembers().size() == 2));
    }

    @AfterAll
    static void end() {
        GRID.forEach(one -> one.getLifecycleService().terminate());
    }

    /** On the loopback address, with a port from the system, found by the address of the first. */
    private static Config config(@Nullable HazelcastInstance first) {
        Config config = new Config();
        config.setClusterName("lox-test-" + ProcessHandle.current().pid());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().setPort(0).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        if (first != null) {
            join.getTcpIpConfig()
                    .addMember("127.0.0.1:"
                            + first.getCluster().getLocalMember().getAddress().getPort());
        }
        return config;
    }

    private static IExecutorService executor() {
        return GRID.get(0).getExecutorService("lox");
    }

    @Test
    void shouldGatherInScatterOrder() {
        try (Workers workers = Workers.cluster(executor(), 4).build()) {
            Scatter<Integer, Integer> twice = Lox.on(workers, i -> i * 2);
            IntStream.range(0, 2_000).forEach(twice::scatter);
            assertThat(twice.gather())
                    .isEqualTo(IntStream.range(0, 2_000).map(i -> i * 2).boxed().toList());
        }
    }

    /** Its threads are named after the member. */
    @Test
    void shouldRunOnBothMembers() {
        try (Workers workers = Workers.cluster(executor(), 4).build()) {
            Scatter<Integer, String> where =
                    Lox.on(workers, i -> Thread.currentThread().getName());
            Patience.until("both members have run tasks", () -> {
                IntStream.range(0, 100).forEach(where::scatter);
                where.gather().forEach(thread -> MEMBERS_SEEN.add(thread.split("\\.", -1)[1]));
                return MEMBERS_SEEN.size() == 2;
            });
        }
    }

    @Test
    void shouldFailOneTaskAlone() {
        try (Workers workers = Workers.cluster(executor(), 4).build()) {
            Scatter<Integer, Integer> inverse = Lox.on(workers, i -> 100 / i);
            List<Outcome<Integer>> outcomes =
                    inverse.mapSettled(IntStream.rangeClosed(-100, 100).boxed()).toList();
            assertThat(outcomes).filteredOn(Outcome.Failure.class::isInstance).hasSize(1);
            assertThat(outcomes.get(100))
                    .isInstanceOfSatisfying(
                            Outcome.Failure.class,
                            failure -> assertThat(failure.error()).isInstanceOf(ArithmeticException.class));
        }
    }

    @Test
    void shouldInterruptWhatIsCancelled() throws InterruptedException {
        Workers workers = Workers.cluster(executor(), 1).build();
        Scatter<Integer, Integer> hold = Lox.on(workers, i -> {
            RUNS.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                INTERRUPTED.countDown();
                throw e;
            }
            return i;
        });
        hold.scatter(1);
        assertThat(RUNS.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        workers.close();
        assertThat(INTERRUPTED.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(hold::gather).isInstanceOf(CancellationException.class);
        assertThat(executor().isShutdown()).isFalse();
    }

    /** A grid of its own, since it ends. */
    @Test
    void shouldFailTasksOnceTheGridIsGone() {
        HazelcastInstance alone = Hazelcast.newHazelcastInstance(config(null).setClusterName("lox-alone"));
        try (Workers workers =
                Workers.cluster(alone.getExecutorService("lox"), 2).build()) {
            Scatter<Integer, Map<String, Integer>> wrap = Lox.on(workers, i -> Map.of("i", i));
            assertThat(wrap.mapSettled(IntStream.range(0, 3).boxed())).allMatch(Outcome.Success.class::isInstance);
            alone.getLifecycleService().terminate();
            assertThat(wrap.mapSettled(IntStream.range(0, 3).boxed()))
                    .hasSize(3)
                    .allSatisfy(outcome -> assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Failure.class,
                                    failure -> assertThat(failure.error())
                                            .isInstanceOf(RejectedExecutionException.class)));
        }
    }
}
