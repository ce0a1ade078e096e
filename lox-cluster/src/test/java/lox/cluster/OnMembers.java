package lox.cluster;

import java.util.function.UnaryOperator;
import lox.sync.ProcessesBuilder;

/**
 * Has the processes of other modules' tests run on members: see {@code lox.test.ProcessPlace}, which names this class.
 * The members are there as long as the tests' JVM.
 */
public final class OnMembers implements UnaryOperator<ProcessesBuilder> {
    /** Tests keep processes for each other, idle. */
    private static final int SLOTS = 64;

    private final Cluster cluster = LocalMembers.start(2, SLOTS).join();

    @Override
    public ProcessesBuilder apply(ProcessesBuilder builder) {
        return builder.on(cluster);
    }
}
