package lox.cluster.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import lox.sync.internal.time.OwnThreads;
import org.jspecify.annotations.Nullable;

/**
 * The port of a member that programs connect to, once for each worker. Who connects has five seconds to prove who it
 * is, in a thread of its own, so a stranger who says nothing delays nobody.
 */
final class DataPort implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("lox.cluster");
    private static final int BACKLOG = 200;
    private static final long SMALL_STACK = 256 * 1024;

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final Tickets<ServedWorker> tickets;

    private DataPort(ServerSocket server, @Nullable SSLContext tls, Tickets<ServedWorker> tickets) {
        this.server = server;
        this.tls = tls;
        this.tickets = tickets;
    }

    /**
     * Starts to listen.
     *
     * @throws BadInputException if the port is taken
     */
    static DataPort open(InetAddress bind, int port, @Nullable SSLContext tls, Tickets<ServedWorker> tickets)
            throws IOException {
        ServerSocket server = new ServerSocket();
        boolean isOpen = false;
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(bind, port), BACKLOG);
            DataPort opened = new DataPort(server, tls, tickets);
            OwnThreads.make("lox-data-port", opened::accept).start();
            isOpen = true;
            return opened;
        } catch (BindException taken) {
            throw new BadInputException("the data port " + port + " of " + bind.getHostAddress() + " is taken", taken);
        } finally {
            if (!isOpen) {
                server.close();
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket stranger = server.accept();
                OwnThreads.make("lox-data-handshake", () -> admit(stranger), SMALL_STACK)
                        .start();
            } catch (IOException | OutOfMemoryError failed) {
                if (!server.isClosed()) { // of descriptors, say, there may be some again
                    LOG.log(System.Logger.Level.WARNING, "a data connection could not be accepted", failed);
                }
            }
        }
    }

    private void admit(Socket stranger) {
        boolean isAdmitted = false;
        try {
            DataConnection connection = DataConnection.of(stranger, tls);
            ServedWorker worker = tickets.redeem(connection.readTicket());
            if (worker != null) {
                connection.accept();
                isAdmitted = worker.connected(connection);
            } else {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a data connection of {0} without a ticket was dropped",
                        stranger.getRemoteSocketAddress());
            }
        } catch (IOException unproven) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a data connection of {0} was dropped: {1}",
                    stranger.getRemoteSocketAddress(),
                    unproven.getMessage());
        } finally {
            if (!isAdmitted) {
                close(stranger);
            }
        }
    }

    private static void close(Socket stranger) {
        try {
            stranger.close();
        } catch (IOException unclosable) {
            LOG.log(System.Logger.Level.DEBUG, "a data connection could not be closed", unclosable);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
