package lox.contract;

import java.util.function.UnaryOperator;
import lox.cluster.Cluster;
import lox.cluster.LocalMembers;
import lox.sync.ProcessesBuilder;

/**
 * Has the processes of tests run on members of a cluster: the property {@code test.on} names this class, see
 * {@link lox.test.ProcessPlace}. A build does so in its second run, on the newest JDK. The members are there as long as the
 * tests' JVM.
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
