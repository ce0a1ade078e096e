package lox.benchmarks.locks;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import lox.reactor.Locks;
import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.sync.lock.RWLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;

/** Acquire and release, once. Run with one thread and with eight ({@code -t 8}); {@link Ratios} runs both. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class LockBenchmark {
    /** Four resources stand in the semaphore's own word, sixteen in a queue beside it. */
    @State(Scope.Benchmark)
    public static class Resources {
        @Param({"4", "16"})
        public int resources;

        IndexSemaphore semaphore = new IndexSemaphore(1);
        BlockingQueue<Integer> indices = new ArrayBlockingQueue<>(1);
        BlockingQueue<Integer> fairIndices = new ArrayBlockingQueue<>(1);

        @Setup
        public void fill() {
            semaphore = new IndexSemaphore(resources);
            indices = new ArrayBlockingQueue<>(resources);
            fairIndices = new ArrayBlockingQueue<>(resources, true);
            for (int i = 0; i < resources; i++) {
                indices.add(i);
                fairIndices.add(i);
            }
        }
    }

    private final QLock qLock = new QLock();
    private final Semaphore semaphore = new Semaphore(1, true);
    private final RWLock rwLock = new RWLock();
    private final ReentrantReadWriteLock jdkReadWriteLock = new ReentrantReadWriteLock(true);
    private final InstrumentedPool<Object> pool =
            PoolBuilder.from(Mono.fromSupplier(Object::new)).sizeBetween(1, 1).buildPool();
    private final Mono<Integer> one = Mono.just(1);
    private final Mono<Integer> usingLock = Locks.usingMono(qLock, permit -> one);
    private final Mono<Integer> usingPool = pool.withPoolable(poolable -> one).single();

    @Benchmark
    public void qLock(Blackhole hole) throws InterruptedException {
        try (Permit permit = qLock.acquire()) {
            hole.consume(permit);
        }
    }

    @Benchmark
    public void fairSemaphore() throws InterruptedException {
        semaphore.acquire();
        semaphore.release();
    }

    @Benchmark
    public void rwLockRead(Blackhole hole) throws InterruptedException {
        try (Permit permit = rwLock.read().acquire()) {
            hole.consume(permit);
        }
    }

    @Benchmark
    public void fairReentrantReadWriteLockRead() throws InterruptedException {
        jdkReadWriteLock.readLock().lockInterruptibly();
        jdkReadWriteLock.readLock().unlock();
    }

    @Benchmark
    public int indexSemaphore(Resources state) throws InterruptedException {
        try (IndexPermit permit = state.semaphore.acquire()) {
            return permit.index();
        }
    }

    @Benchmark
    public int arrayBlockingQueueOfIndices(Resources state) throws InterruptedException {
        int index = state.indices.take();
        state.indices.put(index);
        return index;
    }

    @Benchmark
    public int fairArrayBlockingQueueOfIndices(Resources state) throws InterruptedException {
        int index = state.fairIndices.take();
        state.fairIndices.put(index);
        return index;
    }

    @Benchmark
    public Object locksUsing(Blackhole hole) {
        return usingLock.subscribe(hole::consume);
    }

    @Benchmark
    public Object reactorPoolWithPoolable(Blackhole hole) {
        return usingPool.subscribe(hole::consume);
    }
}
