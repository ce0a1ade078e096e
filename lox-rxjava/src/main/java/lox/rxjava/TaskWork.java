package lox.rxjava;

import lox.sync.Task;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/** A task as the engine runs it, here or in another JVM. */
record TaskWork<T extends @Nullable Object, R extends @Nullable Object>(Task<? super T, ? extends R> task)
        implements Work<T, R> {
    @Override
    public R run(T argument) throws Exception {
        return task.call(argument);
    }
}
