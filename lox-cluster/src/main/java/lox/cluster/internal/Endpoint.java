package lox.cluster.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A host and a port as users write them: {@code host:port}, with brackets around an IPv6 address.
 *
 * @param host a name or an address
 * @param port 0 to 65535
 */
public record Endpoint(String host, int port) {
    private static final int MOST = 65_535;

    /**
     * Reads one.
     *
     * @param text such as {@code 10.0.0.5:7800} or {@code [::1]:7800}
     * @param defaultPort the port if the text has none; negative if it has to have one
     * @return the endpoint
     * @throws BadInputException if it is none
     */
    public static Endpoint parse(String text, int defaultPort) {
        String trimmed = text.strip();
        int bracket = trimmed.lastIndexOf(']');
        int colon = trimmed.lastIndexOf(':');
        boolean hasPort = colon > bracket && (bracket >= 0 || trimmed.indexOf(':') == colon);
        String host = hasPort ? trimmed.substring(0, colon) : trimmed;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || (!hasPort && defaultPort < 0)) {
            throw new BadInputException("\"" + text + "\" is no host:port");
        }
        return new Endpoint(host, hasPort ? port(trimmed.substring(colon + 1), text) : defaultPort);
    }

    /**
     * Reads several, with commas in between.
     *
     * @param text such as {@code 10.0.0.5:7800,10.0.0.6:7800}
     * @return the endpoints
     * @throws BadInputException if one of them is none
     */
    public static List<Endpoint> parseAll(String text) {
        List<Endpoint> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            all.add(parse(part, -1));
        }
        return all;
    }

    private static int port(String text, String whole) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= MOST) {
                return port;
            }
        } catch (NumberFormatException noNumber) {
            throw new BadInputException("\"" + whole + "\" is no host:port: \"" + text + "\" is no port", noNumber);
        }
        throw new BadInputException("\"" + whole + "\" is no host:port: \"" + text + "\" is no port");
    }

    /**
     * Looks its host up, which may be a name that stands for several machines.
     *
     * @param what names it in messages
     * @return its addresses, one or more
     * @throws BadInputException if there is no such host
     */
    public List<InetSocketAddress> resolveAll(String what) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (UnknownHostException unknown) {
            throw new BadInputException(what + " " + this + ": the host \"" + host + "\" is not known here", unknown);
        }
    }

    /**
     * Looks its host up, to be listened on.
     *
     * @param what names it in messages
     * @return one address of this machine
     * @throws BadInputException if it is not one of this machine, or stands for all of them
     */
    public InetAddress resolveLocal(String what) {
        InetAddress address = resolveAll(what).get(0).getAddress();
        if (address.isAnyLocalAddress()) {
            throw new BadInputException(what + " " + host
                    + " stands for all addresses of this machine: name the one that others connect to");
        }
        try (ServerSocket tried =
                new ServerSocket(0, 1, address)) { // interfaces list one of the loopback addresses only
            return tried.getInetAddress();
        } catch (IOException unusable) {
            throw new BadInputException(what + " " + host + " is no address of this machine", unusable);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
