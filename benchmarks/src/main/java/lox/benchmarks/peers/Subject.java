package lox.benchmarks.peers;

import java.util.List;

/**
 * What lox and its peers are compared at, and who they are.
 *
 * @param file the chart's name
 * @param title what is done
 * @param rows lox beside one peer each
 */
record Subject(String file, String title, List<Row> rows) {
    /**
     * Lox beside one peer.
     *
     * @param what what one operation is, in the table; empty if as in the row before
     * @param peer the peer, in the table
     * @param bar the peer, at its bars
     * @param limitInOneJvm what the ratio is to be at most where all share one JVM; infinite if nothing is said of it
     */
    record Row(String what, String peer, String bar, Figure ours, Figure theirs, double limitInOneJvm) {}

    /**
     * A figure to be measured, in nanoseconds.
     *
     * @param benchmark names a JMH benchmark, or a publisher of {@link lox.benchmarks.announcements.PutBenchmark}
     * @param tasks how many tasks one operation has; 0 if the benchmark does not take this parameter
     */
    record Figure(String benchmark, int tasks) {
        boolean isPut() {
            return !benchmark.contains(".");
        }

        /** The name without the class, which tells it from all others, since lox's and a peer's are always named together. */
        String name() {
            return isPut() ? benchmark + "Put" : benchmark.substring(benchmark.lastIndexOf('.') + 1);
        }
    }

    private static final int TASKS = 200_000;

    /** All, in the order of the page. */
    static final List<Subject> ALL = List.of(
            new Subject(
                    "gather",
                    "200,000 trivial tasks, their results in order",
                    List.of(
                            scatter(
                                    "a task of 200,000",
                                    "Reactor, `Sinks` + `flatMapSequential`",
                                    "Reactor Sinks + flatMapSequential",
                                    "loxReactor",
                                    "sinksFlatMapSequential"),
                            scatter(
                                    "",
                                    "RxJava, `concatMapEager`",
                                    "RxJava concatMapEager",
                                    "loxRxJava",
                                    "concatMapEager"),
                            scatter("", "`submit` + `get`", "ExecutorService submit + get", "loxSync", "submitGet"),
                            scatter(
                                    "",
                                    "`CompletableFuture.supplyAsync`",
                                    "CompletableFuture supplyAsync",
                                    "loxSync",
                                    "supplyAsync"),
                            scatter(
                                    "the same, the list made and gathered",
                                    "`invokeAll`",
                                    "ExecutorService invokeAll",
                                    "loxGatherList",
                                    "invokeAll"),
                            scatter(
                                    "",
                                    "parallel-collectors, batching",
                                    "parallel-collectors, batching",
                                    "loxGatherList",
                                    "parallelCollectorsBatching"),
                            scatter("", "`parallelStream`", "parallelStream", "loxGatherList", "parallelStream"))),
            new Subject(
                    "map",
                    "A million elements through map, results in order",
                    List.of(
                            map(
                                    "an element of a million through `map`",
                                    "Reactor, `flatMapSequential(256)`",
                                    "Reactor flatMapSequential(256)",
                                    "loxReactorAhead256",
                                    "flatMapSequential256",
                                    0.1),
                            map(
                                    "",
                                    "RxJava, `concatMapEager(256)`",
                                    "RxJava concatMapEager(256)",
                                    "loxRxJavaAhead256",
                                    "concatMapEager256",
                                    0.33))),
            new Subject(
                    "put",
                    "A put to eight subscribers with a backlog of 100",
                    List.of(
                            put(
                                    "a put to eight subscribers, a backlog of 100",
                                    "Reactor, `Sinks.many().replay()`",
                                    "Reactor Sinks.many().replay()",
                                    "reactor"),
                            put("", "RxJava, `ReplayProcessor`", "RxJava ReplayProcessor", "rxjava"))),
            new Subject(
                    "locks",
                    "One acquire and release, nobody else there",
                    List.of(
                            lock(
                                    "an acquire and release, nobody else there",
                                    "fair `Semaphore`, beside `QLock`",
                                    "fair Semaphore, beside QLock",
                                    "qLock",
                                    "fairSemaphore",
                                    2),
                            lock(
                                    "",
                                    "fair `ReentrantReadWriteLock`, beside `RWLock`, reading",
                                    "ReentrantReadWriteLock, beside RWLock",
                                    "rwLockRead",
                                    "fairReentrantReadWriteLockRead",
                                    2),
                            lock(
                                    "",
                                    "reactor-pool's `withPoolable`, beside `Locks.usingMono`",
                                    "withPoolable, beside Locks.usingMono",
                                    "locksUsing",
                                    "reactorPoolWithPoolable",
                                    0.33))));

    private static Row scatter(String what, String peer, String bar, String ours, String theirs) {
        String benchmarks = "lox.benchmarks.ScatterGather.";
        return new Row(
                what,
                peer,
                bar,
                new Figure(benchmarks + ours, TASKS),
                new Figure(benchmarks + theirs, TASKS),
                Double.POSITIVE_INFINITY);
    }

    private static Row map(String what, String peer, String bar, String ours, String theirs, double limit) {
        String benchmarks = "lox.benchmarks.maps.MapBenchmark.";
        return new Row(what, peer, bar, new Figure(benchmarks + ours, 0), new Figure(benchmarks + theirs, 0), limit);
    }

    private static Row lock(String what, String peer, String bar, String ours, String theirs, double limit) {
        String benchmarks = "lox.benchmarks.locks.LockBenchmark.";
        return new Row(what, peer, bar, new Figure(benchmarks + ours, 0), new Figure(benchmarks + theirs, 0), limit);
    }

    private static Row put(String what, String peer, String bar, String theirs) {
        return new Row(what, peer, bar, new Figure("lox", 0), new Figure(theirs, 0), 0.7);
    }
}
