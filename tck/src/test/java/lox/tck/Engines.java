package lox.tck;

import java.util.List;
import lox.sync.Workers;
import lox.sync.engine.Dialect;
import lox.sync.engine.Dispatcher;
import lox.sync.engine.LanePool;
import lox.sync.engine.Work;

/** Engines without a library around them. */
final class Engines {
    private static final class Nowhere implements Dialect {
        @Override
        public void dropped(Throwable failure) {}

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            return failures.get(0);
        }
    }

    private Engines() {}

    static Dispatcher<Integer, Integer> of(Work<Integer, Integer> work) {
        LanePool lanes = Workers.threads(3).build().lanes();
        return new Dispatcher<>(work, lanes, lanes, new Nowhere());
    }
}
