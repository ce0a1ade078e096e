package lox.sync.internal.pool;

import java.util.concurrent.Executor;

/** A library's scheduler as an executor: it shows each job to the schedule hooks of that library itself. */
@FunctionalInterface
public interface HookedExecutor extends Executor {}
