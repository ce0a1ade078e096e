package lox.sync.internal.process;

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
 */
record WorkerContext(
        PoolObserver observer, WorkerOptions options, ValueCodec values, SeenClassLoaders loaders, ConnectionLog log) {
    /** A context whose values find their classes through its loaders. */
    static WorkerContext of(PoolObserver observer, WorkerOptions options) {
        SeenClassLoaders loaders = new SeenClassLoaders();
        ValueCodec values =
                new ValueCodec(options.codec(), loaders.together(), loaders::remember, options.resultFilter());
        return new WorkerContext(observer, options, values, loaders, new ConnectionLog(observer.name()));
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
}
