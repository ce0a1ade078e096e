package lox.cluster;

import java.util.List;
import java.util.concurrent.Flow;
import lox.sync.process.Machines;

/**
 * Machines that run worker processes for this program. Each of them runs a {@link LoxMember}, which offers so many
 * slots; {@code Workers.processes(n).on(cluster)} has at most n tasks under way in them.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.join(seeds, token);
 *         Workers render = Workers.processes(64).on(cluster).named("render").build()) {
 *     Scatter<String, byte[]> thumbnail = Lox.on(render, Thumbnails::render);
 *     System.out.println(thumbnail.gather(List.of("cat.png", "dog.png")).size());
 * }
 * }</pre>
 *
 * <p>Joining does not wait for members: a task waits up to ten seconds for the first, then it fails with a {@link
 * lox.sync.process.ClusterUnavailableException}. For a free slot it waits as long as it is wanted. Members may come
 * and go at any time.
 *
 * <p>Safe for use from many threads. Implemented by lox alone.
 */
public interface Cluster extends Machines, AutoCloseable {
    /**
     * Joins members on this machine, or in a network that needs neither a token's secrecy nor TLS; the other options
     * are those of the {@linkplain #builder() builder}.
     *
     * @param seeds where members may be, as {@code host:port} with commas in between; one that is there is enough
     * @param token the secret that all members share
     * @return the cluster
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a seed is no {@code host:port} or its host is unknown, if the token is
     *     empty or another than the members', or if the seeds are not on this machine, which needs TLS
     * @throws lox.sync.process.ClusterUnavailableException if it cannot be joined for another reason
     */
    static Cluster join(String seeds, String token) {
        return builder().seeds(seeds).token(token).join();
    }

    /**
     * Builds a cluster, option by option.
     *
     * @return a builder without options
     */
    static ClusterBuilder builder() {
        return new ClusterBuilder();
    }

    /**
     * The members that have answered, in the order in which they were found.
     *
     * @return a snapshot
     */
    List<Member> members();

    /**
     * The members now, and whenever they have changed: one has come, gone or begun to leave, or this program uses more
     * or fewer of its slots.
     *
     * <p>In Reactor {@code JdkFlowAdapter.flowPublisherToFlux(cluster.memberUpdates())} is a {@code Flux} of them, in
     * RxJava {@code Flowable.fromPublisher(FlowAdapters.toPublisher(cluster.memberUpdates()))} a {@code Flowable}.
     *
     * <p>Each subscriber first gets what {@link #members()} gives, which may be an empty list, and after that the newest
     * list whenever it has requested more and the list is another than the last it got. Lists that were outdated before
     * it requested them are left out, so nothing is kept for a slow subscriber. It ends, without another list, when
     * this program leaves the cluster; for those who subscribe later it ends at once. It never fails.
     *
     * <p>Subscribers are called on threads of lox's, each by one thread at a time. One that blocks keeps a thread, and
     * holds up neither the cluster nor other subscribers. What a subscriber throws goes to the uncaught exception
     * handler, and ends its subscription.
     *
     * @return the same publisher each time, for any number of subscribers
     */
    Flow.Publisher<List<Member>> memberUpdates();

    /**
     * Leaves, and ends {@link #memberUpdates()}. Closing twice has no effect. Close the {@code Workers} on it first:
     * workers that are still there are lost, and killed by their members.
     */
    @Override
    void close();
}
