package lox.sync.internal.process;

import java.util.function.BooleanSupplier;
import lox.sync.process.Codec;

/** Where runs go of which the test says what becomes of them. */
final class RunToNowhere implements TaskRun.Destination {
    private RunToNowhere() {}

    /** A run of so many tasks that has been sent. */
    static TaskRun of(long id, int tasks) {
        ValueCodec values = new ValueCodec(Codec.javaSerialization(), RunToNowhere.class.getClassLoader(), null, null);
        TaskRun run = new TaskRun(new RunToNowhere(), values, id, 1, new WireWriter(), tasks, Long.MAX_VALUE, false);
        for (int i = 0; i < tasks; i++) {
            run.add(i);
        }
        run.send(() -> false);
        return run;
    }

    @Override
    public void send(TaskRun run, WireWriter message, BooleanSupplier giveUp) {
        message.clear();
    }

    @Override
    public long watch(TaskRun run) {
        return Long.MAX_VALUE;
    }

    @Override
    public void recall(TaskRun run) {}

    @Override
    public void stop(TaskRun run) {}
}
