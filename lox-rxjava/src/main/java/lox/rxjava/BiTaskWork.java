package lox.rxjava;

import lox.sync.BiTask;
import lox.sync.engine.Arguments;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/** A task of two arguments as the engine runs it, here or in another JVM. */
record BiTaskWork<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>(
        BiTask<? super T, ? super U, ? extends R> task) implements Work<Arguments<T, U>, R> {
    @Override
    public R run(Arguments<T, U> both) throws Exception {
        return task.call(both.first(), both.second());
    }
}
