package lox.reactor;

import lox.sync.BiTask;
import lox.sync.engine.Arguments;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/** A task of two arguments as the engine runs it, here or in another JVM. */
final class BiTaskWork<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
        implements Work<Arguments<T, U>, R> {
    private static final long serialVersionUID = 1L;

    /** The user's. */
    private final BiTask<? super T, ? super U, ? extends R> task;

    BiTaskWork(BiTask<? super T, ? super U, ? extends R> task) {
        this.task = task;
    }

    @Override
    public R run(Arguments<T, U> both) throws Exception {
        return task.call(both.first(), both.second());
    }
}
