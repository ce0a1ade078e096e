package lox.sync.internal.process;

import lox.sync.internal.time.Durations;

/**
 * What all workers of one pool share.
 *
 * @param pool the pool's name, for threads and messages
 * @param options how the workers are
 * @param values reads and writes arguments and results
 * @param loaders the class loaders of what was sent
 * @param log takes what is no failure of a task
 */
record WorkerContext(
        String pool, WorkerOptions options, ValueCodec values, SeenClassLoaders loaders, ConnectionLog log) {
    /** A context whose values find their classes through its loaders. */
    static WorkerContext of(String pool, WorkerOptions options) {
        SeenClassLoaders loaders = new SeenClassLoaders();
        ValueCodec values =
                new ValueCodec(options.codec(), loaders.together(), loaders::remember, options.resultFilter());
        return new WorkerContext(pool, options, values, loaders, new ConnectionLog(pool));
    }

    /** How long a task may run; {@code Long.MAX_VALUE} if there is no limit. */
    long taskTimeoutNanos() {
        return options.taskTimeout() == null ? Long.MAX_VALUE : Durations.nanos(options.taskTimeout());
    }
}
