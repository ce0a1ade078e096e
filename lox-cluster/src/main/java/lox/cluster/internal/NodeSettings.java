package lox.cluster.internal;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a program or a member joins.
 *
 * @param name what it is called in the cluster
 * @param bind the address to listen on, and the port, 0 for a free one; null for the address that leads to the first
 *     seed
 * @param seeds where other nodes may be
 * @param token shared by all nodes, or null
 * @param tls for all connections, or null
 * @param allowsPlain whether connections without TLS may leave this machine
 * @param joinMillis how long to look for others
 */
public record NodeSettings(
        String name,
        @Nullable Endpoint bind,
        List<Endpoint> seeds,
        @Nullable String token,
        @Nullable SSLContext tls,
        boolean allowsPlain,
        int joinMillis) {
    /**
     * Looks up all names.
     *
     * @throws BadInputException if one is unknown, or if the connections would be open to strangers
     */
    ControlChannel.Settings toControl() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Endpoint seed : seeds) {
            addresses.addAll(seed.resolveAll("seed"));
        }
        InetAddress local = bind != null
                ? bind.resolveLocal("bind address")
                : addresses.isEmpty() ? InetAddress.getLoopbackAddress() : addressTowards(addresses.get(0));
        if (tls == null) {
            if (token == null) {
                throw new BadInputException("a token or TLS is needed: whoever may join can run code on every member");
            }
            if (!local.isLoopbackAddress() && !allowsPlain) {
                throw new BadInputException("connections of " + local.getHostAddress()
                        + " leave this machine, and without TLS anybody on their way can read them and run code on every"
                        + " member: use TLS, or allow it explicitly in a network that you trust");
            }
        }
        addresses.removeIf(seed -> seed.getAddress().getClass() != local.getClass()); // the other one of IPv4 and IPv6
        if (addresses.isEmpty() && !seeds.isEmpty()) {
            throw new BadInputException("no seed of " + seeds + " has an address like " + local.getHostAddress()
                    + ": one side has IPv4 addresses, the other one IPv6");
        }
        return new ControlChannel.Settings(local, bind == null ? 0 : bind.port(), addresses, token, tls, joinMillis);
    }

    /** The address of this machine from which another is reached. Nothing is sent. */
    private static InetAddress addressTowards(InetSocketAddress other) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(other);
            return socket.getLocalAddress();
        } catch (SocketException | java.io.UncheckedIOException noWay) {
            throw new BadInputException(
                    "seed " + other + " cannot be reached from this machine: " + noWay.getMessage(), noWay);
        }
    }
}
