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
    /** Lox beside one peer. */
    record Row(String peer, Figure ours, Figure theirs, double limitInOneJvm) {
        /** A row whose ratio has no limit of its own where all share one JVM. */
        Row(String peer, Figure ours, Figure theirs) {
            this(peer, ours, theirs, Double.POSITIVE_INFINITY);
        }
    }

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

        /** The name without the class. */
        String method() {
            return benchmark.substring(benchmark.lastIndexOf('.') + 1);
        }
    }

    private static final int TASKS = 200_000;

    /** All, in the order of the page. */
    static final List<Subject> ALL = List.of(
            new Subject(
                    "gather",
                    "200,000 trivial tasks, their results in order",
                    List.of(
                            scatter("Reactor Sinks + flatMapSequential", "loxReactor", "sinksFlatMapSequential"),
                            scatter("RxJava concatMapEager", "loxRxJava", "concatMapEager"),
                            scatter("ExecutorService submit + get", "loxSync", "submitGet"),
                            scatter("CompletableFuture supplyAsync", "loxSync", "supplyAsync"),
                            scatter("ExecutorService invokeAll", "loxGatherList", "invokeAll"),
                            scatter("parallelStream", "loxGatherList", "parallelStream"),
                            scatter("parallel-collectors, batching", "loxGatherList", "parallelCollectorsBatching"))),
            new Subject(
                    "map",
                    "A million elements through map, results in order",
                    List.of(
                            map("Reactor flatMapSequential(256)", "loxReactorAhead256", "flatMapSequential256", 0.1),
                            map("RxJava concatMapEager(256)", "loxRxJavaAhead256", "concatMapEager256", 0.33))),
            new Subject(
                    "put",
                    "A put to eight subscribers with a backlog of 100",
                    List.of(
                            new Row("Reactor Sinks.many().replay()", put("lox"), put("reactor"), 0.7),
                            new Row("RxJava ReplayProcessor", put("lox"), put("rxjava"), 0.7))),
            new Subject(
                    "locks",
                    "One acquire and release, nobody else there",
                    List.of(
                            lock("fair Semaphore, beside QLock", "qLock", "fairSemaphore", 2),
                            lock(
                                    "ReentrantReadWriteLock, beside RWLock",
                                    "rwLockRead",
                                    "fairReentrantReadWriteLockRead",
                                    2),
                            lock(
                                    "withPoolable, beside Locks.usingMono",
                                    "locksUsing",
                                    "reactorPoolWithPoolable",
                                    0.33))));

    private static Row scatter(String peer, String ours, String theirs) {
        String benchmarks = "lox.benchmarks.ScatterGather.";
        return new Row(peer, new Figure(benchmarks + ours, TASKS), new Figure(benchmarks + theirs, TASKS));
    }

    private static Row map(String peer, String ours, String theirs, double limit) {
        String benchmarks = "lox.benchmarks.maps.MapBenchmark.";
        return new Row(peer, new Figure(benchmarks + ours, 0), new Figure(benchmarks + theirs, 0), limit);
    }

    private static Row lock(String peer, String ours, String theirs, double limit) {
        String benchmarks = "lox.benchmarks.locks.LockBenchmark.";
        return new Row(peer, new Figure(benchmarks + ours, 0), new Figure(benchmarks + theirs, 0), limit);
    }

    private static Figure put(String publisher) {
        return new Figure(publisher, 0);
    }
}
