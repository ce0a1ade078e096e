package lox.sync.internal.process;

import java.util.concurrent.TimeUnit;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.time.Durations;

/**
 * What all workers of one pool share.
 *
 * @param observer the pool's name, for threads and messages, and who wants to know of its workers
 * @param options how the workers are
 * @param values reads and writes arguments and results
 * @param loaders the class loaders of what was sent
 * @param log takes what is no failure of a task
 * @param leastSilenceNanos a worker that has tasks may be silent for so long, if their time is limited
 */
record WorkerContext(
        PoolObserver observer,
        WorkerOptions options,
        ValueCodec values,
        SeenClassLoaders loaders,
        ConnectionLog log,
        long leastSilenceNanos) {
    /** Longer than a JVM stands still for other reasons, on a machine that has too little memory. */
    private static final long LEAST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** A context whose values find their classes through its loaders. */
    static WorkerContext of(PoolObserver observer, WorkerOptions options) {
        SeenClassLoaders loaders = new SeenClassLoaders();
        ValueCodec values =
                new ValueCodec(options.codec(), loaders.together(), loaders::remember, options.resultFilter());
        return new WorkerContext(
                observer, options, values, loaders, new ConnectionLog(observer.name()), LEAST_SILENCE_NANOS);
    }

    String pool() {
        return observer.name();
    }

    /** The name of a worker, for threads, messages, listeners and the command line. */
    String nameOf(int number) {
        return nameOf(pool(), number);
    }

    static String nameOf(String pool, int number) {
        return pool + "-worker-" + number;
    }

    /** How long a task may run; {@code Long.MAX_VALUE} if there is no limit. */
    long taskTimeoutNanos() {
        return options.taskTimeout() == null ? Long.MAX_VALUE : Durations.nanos(options.taskTimeout());
    }

    /** How long a worker that has tasks may do nothing, if their time is limited. */
    long silenceNanos() {
        long limit = taskTimeoutNanos();
        return limit > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : Math.max(2 * limit, leastSilenceNanos);
    }
}
