package lox.cluster;

import java.util.List;
import java.util.concurrent.Flow;
import lox.cluster.internal.ClusterNode;
import lox.cluster.internal.StatePublisher;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;

/** A cluster, as lox's engine sees it too. */
final class JoinedCluster implements Cluster, WorkerHosts {
    private final ClusterNode node;
    private final StatePublisher<List<Member>> updates = new StatePublisher<>(this::members);

    JoinedCluster(ClusterNode node) {
        this.node = node;
        node.whenMembersChange(updates::changed);
    }

    @Override
    public WorkerHost open(Pool pool) {
        return node.open(pool);
    }

    @Override
    public List<Member> members() {
        return node.members().stream()
                .map(state -> new Member(
                        state.name(),
                        state.host(),
                        state.slots(),
                        state.used(),
                        state.lox(),
                        state.java(),
                        state.isDraining()))
                .toList();
    }

    @Override
    public Flow.Publisher<List<Member>> memberUpdates() {
        return updates;
    }

    @Override
    public void close() {
        try {
            updates.complete(); // first, or it would tell of members that leave one by one
        } finally {
            node.close();
        }
    }
}
