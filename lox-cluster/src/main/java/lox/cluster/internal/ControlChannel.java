package lox.cluster.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.AUTH;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.NAKACK4;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST4;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.util.DefaultSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The control connection of one node: who else is there, who has gone, and short messages between two nodes. Safe for
 * use from many threads.
 */
final class ControlChannel implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("lox.cluster");
    private static final String GROUP = "lox";
    private static final int MOST_TRIES = 5;
    private static final int PEER_ADDRESS_MILLIS = 500;
    private static final int MERGE_MILLIS = 1000;
    private static final int SUSPECT_MILLIS = 8000;
    private static final int HEARTBEAT_MILLIS = 2000;

    /** Told by threads of JGroups, which must not be kept waiting; calls come before {@link #join} has returned. */
    interface Listener {
        /** Takes a message whose sender knows the token. */
        void received(ControlChannel channel, Address from, ControlMessage message);

        /** Takes the other nodes, whenever one has come or gone. */
        void membersChanged(ControlChannel channel, Set<Address> others);
    }

    /**
     * How to join.
     *
     * @param bind the address of this machine to listen on
     * @param port the port to listen on; 0 for one that is free
     * @param seeds where other nodes may be; empty for the first one
     * @param token shared by all nodes, or null
     * @param tls for both sides of each connection, or null
     * @param joinMillis how long to look for others before a cluster of one is founded
     */
    record Settings(
            InetAddress bind,
            int port,
            List<InetSocketAddress> seeds,
            @Nullable String token,
            @Nullable SSLContext tls,
            int joinMillis) {}

    private final Settings settings;
    private final int port;
    private final MessageSeal seal;
    private final JChannel channel;

    private ControlChannel(Settings settings, int port, String name, Listener listener) throws Exception {
        this.settings = settings;
        this.port = port;
        this.seal = new MessageSeal(settings.token());
        this.channel = new JChannel(protocols());
        channel.setName(name).setDiscardOwnMessages(true).setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                ControlChannel.this.receive(message, listener);
            }

            @Override
            public void viewAccepted(View view) {
                Set<Address> others = new LinkedHashSet<>(view.getMembers());
                others.remove(channel.getAddress());
                listener.membersChanged(ControlChannel.this, others);
            }
        });
    }

    /**
     * Joins.
     *
     * @throws BadInputException if the port is taken, or another node refuses the token
     * @throws IOException if it cannot join for another reason
     */
    static ControlChannel join(Settings settings, String name, Listener listener) throws IOException {
        for (int tries = 1; ; tries++) {
            ControlChannel joining = null;
            boolean joined = false;
            try {
                int port = settings.port() == 0 ? freePort(settings.bind()) : settings.port();
                joining = new ControlChannel(settings, port, name, listener);
                joining.channel.connect(GROUP);
                joined = true;
                return joining;
            } catch (Exception failed) {
                if (!isPortTaken(failed) || settings.port() != 0 || tries == MOST_TRIES) {
                    throw translated(failed, settings);
                }
            } finally {
                if (!joined && joining != null) {
                    joining.close();
                }
            }
        }
    }

    private static IOException translated(Exception failed, Settings settings) {
        if (isPortTaken(failed)) {
            throw new BadInputException(
                    "the port " + settings.port() + " of " + settings.bind().getHostAddress() + " is taken", failed);
        }
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SecurityException) {
                throw new BadInputException(
                        "the cluster at " + settings.seeds() + " refuses the token: all nodes need the same", failed);
            }
        }
        return new IOException("the cluster cannot be joined: " + failed.getMessage(), failed);
    }

    private static boolean isPortTaken(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /** JGroups takes no port 0 beside a list of seeds. */
    private static int freePort(InetAddress bind) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, bind)) {
            return free.getLocalPort();
        }
    }

    private List<Protocol> protocols() throws Exception {
        TCP tcp = new TCP();
        tcp.setBindAddress(settings.bind()).setBindPort(port).setPortRange(0);
        tcp.setPeerAddrReadTimeout(PEER_ADDRESS_MILLIS);
        tcp.tcpNodelay(true); // or a message that nothing follows waits for 40 ms
        DaemonThreads daemons = new DaemonThreads("lox-cluster"); // a program ends with its main
        tcp.setThreadFactory(daemons);
        tcp.setDiagnosticsHandler(
                tcp.createDiagnosticsHandler().setEnabled(false)); // it answers whoever asks, over UDP
        SSLContext tls = settings.tls();
        if (tls != null) {
            DefaultSocketFactory sockets = new DefaultSocketFactory(tls);
            sockets.setServerSocketConfigurator(server -> ((SSLServerSocket) server).setNeedClientAuth(true));
            tcp.setSocketFactory(sockets);
        }
        List<InetSocketAddress> seeds =
                settings.seeds().isEmpty() ? List.of(new InetSocketAddress(settings.bind(), port)) : settings.seeds();
        List<Protocol> stack = new ArrayList<>(List.of(
                tcp,
                new TCPPING().setInitialHosts(seeds).setPortRange(0),
                new MERGE3().setMinInterval(MERGE_MILLIS).setMaxInterval(4 * MERGE_MILLIS),
                new FD_ALL3().setTimeout(SUSPECT_MILLIS).setInterval(HEARTBEAT_MILLIS),
                new VERIFY_SUSPECT2().setTimeout(1000),
                new NAKACK4(),
                new UNICAST4()));
        if (settings.token() != null) {
            stack.add(new AUTH().setAuthToken(new JoinToken(seal.proof())));
        }
        stack.add(new GMS().setJoinTimeout(settings.joinMillis()).printLocalAddress(false));
        stack.add(new FRAG4());
        return stack;
    }

    /** The port that others reach this node at. */
    int port() {
        return port;
    }

    /** Sends a message. If the other node has gone, the next change of members says so. */
    void send(Address to, ControlMessage message) {
        try {
            byte[] bytes = ControlCodec.write(message);
            channel.send(new BytesMessage(to, seal.seal(bytesOf(channel.getAddress()), bytes)));
        } catch (Exception gone) {
            LOG.log(System.Logger.Level.DEBUG, "a message to " + to + " was not sent", gone);
        }
    }

    private void receive(Message message, Listener listener) {
        try {
            if (!(message instanceof BytesMessage)) {
                throw new IOException("a message has another form");
            }
            byte[] sealed = new byte[message.getLength()];
            System.arraycopy(message.getArray(), message.getOffset(), sealed, 0, sealed.length);
            byte[] bytes = seal.open(bytesOf(message.getSrc()), sealed);
            listener.received(this, message.getSrc(), ControlCodec.read(bytes));
        } catch (IOException garbled) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a control message of {0} was dropped: {1}",
                    message.getSrc(),
                    garbled.getMessage());
        }
    }

    private static byte[] bytesOf(@Nullable Address address) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (address != null) {
            address.writeTo(new DataOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    /** Leaves. */
    @Override
    public void close() {
        channel.close();
    }
}
