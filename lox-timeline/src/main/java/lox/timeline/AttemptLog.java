package lox.timeline;

import java.util.Comparator;
import java.util.List;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;

/** Keeps the attempts that ended last. Safe for use from many threads. */
interface AttemptLog {
    /**
     * What is kept at one moment.
     *
     * @param attempts those that ended last, in no order
     * @param letGo how many others there were
     */
    record Kept(List<Attempt> attempts, long letGo) {
        static final Comparator<Attempt> BY_END = Comparator.comparingLong(Attempt::ended);
    }

    void add(TaskEvent task, TaskEnd end, long ranNanos);

    Kept kept();
}
