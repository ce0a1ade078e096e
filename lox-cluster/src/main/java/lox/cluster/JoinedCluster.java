package lox.cluster;

import java.util.List;
import lox.cluster.internal.ClusterNode;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;

/** A cluster, as lox's engine sees it too. */
final class JoinedCluster implements Cluster, WorkerHosts {
    private final ClusterNode node;

    JoinedCluster(ClusterNode node) {
        this.node = node;
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
    public void close() {
        node.close();
    }
}
