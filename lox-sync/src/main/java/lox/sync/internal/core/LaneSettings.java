package lox.sync.internal.core;

import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.spi.Dialect;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * The settings shared by all lanes of a function.
 *
 * @param work the function
 * @param pool where the lanes run
 * @param dialect the library that the function serves
 * @param failures fails the function's tasks
 * @param limiter the queue limit; a slot leaves it when it is started
 * @param next the next function of a chain, or null
 * @param observer who wants to know of the function's tasks
 * @param retries the tasks that wait for their next attempt; null if none ever waits
 */
public record LaneSettings(
        Work<?, ?> work,
        LanePool pool,
        Dialect dialect,
        TaskFailures failures,
        QueueLimiter limiter,
        FunctionObserver observer,
        @Nullable NextStage next,
        @Nullable DelayedRetries retries) {}
