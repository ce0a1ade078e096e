package lox.sync;

import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * A task as the engine runs it, here or in another JVM. No lambda and no record, either of which would cost the first task in a
 * new JVM ten milliseconds more.
 */
final class TaskWork<T extends @Nullable Object, R extends @Nullable Object> implements Work<T, R> {
    private static final long serialVersionUID = 1L;

    /** The user's. */
    private final Task<? super T, ? extends R> task;

    TaskWork(Task<? super T, ? extends R> task) {
        this.task = task;
    }

    @Override
    public R run(T argument) throws Exception {
        return task.call(argument);
    }
}
