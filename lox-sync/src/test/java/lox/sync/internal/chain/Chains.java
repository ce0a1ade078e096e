package lox.sync.internal.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.core.NextStage;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.result.Completion;
import lox.sync.internal.time.WorkerThreads;
import lox.sync.spi.Work;
import lox.test.Patience;

/** What tests of chains have in common: functions, and chains of them whose items travel together. */
abstract class Chains {
    static final long DEADLINE_NANOS = Patience.LIMIT.toNanos();

    /** So many short tasks have the lanes go in runs. */
    static final int SHORT = 2_000;

    final EngineDialect dialect = new EngineDialect();

    static LanePool pool(String name, int limit) {
        return new LanePool(name, limit, Integer.MAX_VALUE, WorkerThreads.platform(name), () -> {});
    }

    Dispatcher<Integer, Integer> function(LanePool pool, Work<Integer, Integer> work) {
        return Dispatchers.of(work, pool, dialect);
    }

    /** Until items travel together, in every stage. */
    static void warmUp(Dispatcher<Integer, Integer> chain) {
        await(
                () -> {
                    IntStream.range(0, SHORT).forEach(i -> chain.scatter(-1));
                    gather(chain);
                    return Stream.iterate(chain.next(), Objects::nonNull, NextStage::next)
                            .allMatch(stage -> ((Stage) stage).lanes().together() >= 64);
                },
                "all functions to go in runs");
    }

    static List<Integer> gather(Dispatcher<Integer, Integer> chain) {
        CompletableFuture<List<Integer>> gathered = new CompletableFuture<>();
        chain.gather(null).observe(new Completion.Observer<>() {
            @Override
            public void succeeded(List<Integer> results) {
                gathered.complete(results);
            }

            @Override
            public void failed(Throwable failure) {
                gathered.completeExceptionally(failure);
            }
        });
        assertThat(gathered).succeedsWithin(Duration.ofNanos(DEADLINE_NANOS));
        return gathered.join();
    }

    static void await(BooleanSupplier condition, String what) {
        Patience.until(what, condition);
    }

    static Integer block(CountDownLatch until, Integer item) throws InterruptedException {
        if (!until.await(Patience.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody has gone on with the items beside item " + item);
        }
        return item;
    }
}
