package lox.cluster;

import java.util.List;
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
     * Leaves. Closing twice has no effect. Close the {@code Workers} on it first: workers that are still there are
     * lost, and killed by their members.
     */
    @Override
    void close();
}
