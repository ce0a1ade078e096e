package lox.cluster;

import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import lox.cluster.internal.ClusterNode;
import lox.cluster.internal.Endpoint;
import lox.cluster.internal.NodeSettings;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Cluster}. Every option can be set once. Not safe for use from many threads. */
public final class ClusterBuilder {
    private static final int JOIN_MILLIS = 3_000;

    private @Nullable List<Endpoint> seeds;
    private @Nullable String token;
    private @Nullable SSLContext tls;
    private @Nullable Endpoint bind;
    private @Nullable String name;
    private boolean withoutTls;

    ClusterBuilder() {}

    /**
     * Sets where members may be. One that is there is enough: it knows the others.
     *
     * @param addresses {@code host:port}, with commas in between; IPv6 addresses in brackets. A name that stands for
     *     several addresses, as one of a headless service of Kubernetes does, is one of each
     * @return this
     * @throws NullPointerException if {@code addresses} is null
     * @throws IllegalArgumentException if one is no {@code host:port}
     * @throws IllegalStateException if they have been set
     */
    public ClusterBuilder seeds(String addresses) {
        List<Endpoint> checked = Endpoint.parseAll(Objects.requireNonNull(addresses, "addresses"));
        checkUnset("seeds", seeds != null);
        seeds = checked;
        return this;
    }

    /**
     * Sets the secret that all nodes share. It does not travel. Needed unless there is TLS.
     *
     * @param secret not blank; white space at its ends does not count
     * @return this
     * @throws NullPointerException if {@code secret} is null
     * @throws IllegalArgumentException if it is blank
     * @throws IllegalStateException if it has been set
     */
    public ClusterBuilder token(String secret) {
        if (Objects.requireNonNull(secret, "secret").isBlank()) {
            throw new IllegalArgumentException("the token must not be blank");
        }
        checkUnset("token", token != null);
        token = secret.strip();
        return this;
    }

    /**
     * Encrypts all connections. Both sides show a certificate, and each has to trust the other's.
     *
     * @param context with the key that this program shows and the certificates that it trusts
     * @return this
     * @throws NullPointerException if {@code context} is null
     * @throws IllegalStateException if it has been set
     */
    public ClusterBuilder tls(SSLContext context) {
        Objects.requireNonNull(context, "context");
        checkUnset("tls", tls != null);
        tls = context;
        return this;
    }

    /**
     * Lets connections leave this machine without TLS. Whoever can read or change what travels between the machines can
     * run code on each of them, so this is for networks that you trust.
     *
     * @return this
     * @throws IllegalStateException if it has been called
     */
    public ClusterBuilder withoutTls() {
        checkUnset("withoutTls", withoutTls);
        withoutTls = true;
        return this;
    }

    /**
     * Sets the address of this machine that members connect to. By default that is the one from which the first seed is
     * reached, with a free port.
     *
     * @param address {@code host} or {@code host:port}; port 0 is one that is free. Not one that stands for all
     *     addresses
     * @return this
     * @throws NullPointerException if {@code address} is null
     * @throws IllegalArgumentException if it is no address
     * @throws IllegalStateException if it has been set
     */
    public ClusterBuilder bind(String address) {
        Endpoint checked = Endpoint.parse(Objects.requireNonNull(address, "address"), 0);
        checkUnset("bind", bind != null);
        bind = checked;
        return this;
    }

    /**
     * Names this program in the cluster. By default that is made of the number of its process.
     *
     * @param text for messages
     * @return this
     * @throws NullPointerException if {@code text} is null
     * @throws IllegalArgumentException if it is blank
     * @throws IllegalStateException if it has been set
     */
    public ClusterBuilder named(String text) {
        if (Objects.requireNonNull(text, "text").isBlank()) {
            throw new IllegalArgumentException("the name must not be blank");
        }
        checkUnset("named", name != null);
        name = text;
        return this;
    }

    /**
     * Joins. If no member is there, this program waits for them in a cluster of its own.
     *
     * @return the cluster, to be closed by the caller
     * @throws IllegalStateException if there are no seeds
     * @throws IllegalArgumentException if the host of a seed is unknown, the address to listen on is not of this
     *     machine or its port taken, the token is another than the members', or connections would leave this machine
     *     without TLS
     * @throws lox.sync.process.ClusterUnavailableException if it cannot be joined for another reason
     */
    public Cluster join() {
        if (seeds == null) {
            throw new IllegalStateException("there are no seeds: say where a member may be");
        }
        String chosen = name == null ? "program-" + ProcessHandle.current().pid() : name;
        return new JoinedCluster(
                ClusterNode.join(new NodeSettings(chosen, bind, seeds, token, tls, withoutTls, JOIN_MILLIS)));
    }

    private static void checkUnset(String option, boolean set) {
        if (set) {
            throw new IllegalStateException(option + " has been set before");
        }
    }
}
