package lox.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a network slow: connections that this JVM makes to some ports, while this is open, go through a SOCKS proxy in
 * this JVM, where each byte takes half a trip in either direction, however many are on their way. Those who connect do
 * not know of it. The line can be cut, and healed. One may be open at a time.
 */
public final class DelayingProxy implements AutoCloseable {
    private static final int PART = 64 * 1024;
    private static final byte VERSION = 5;
    private static final byte IPV4 = 1;
    private static final byte NAME = 3;
    private static final byte REFUSED = 5;

    private final long nanos;
    private final IntPredicate ports;
    private final ServerSocket door;
    private final @Nullable ProxySelector before = ProxySelector.getDefault();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean isCut; // guarded by this

    private DelayingProxy(long nanos, IntPredicate ports) throws IOException {
        this.nanos = nanos;
        this.ports = ports;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /**
     * Starts one.
     *
     * @param tripNanos how long a byte takes there and back; zero or more
     * @param ports connections to which pass it
     * @return the proxy, to be closed
     */
    public static DelayingProxy start(long tripNanos, IntPredicate ports) {
        try {
            DelayingProxy proxy = new DelayingProxy(tripNanos / 2, ports);
            daemon("proxy", proxy::accept);
            ProxySelector.setDefault(proxy.new Selector());
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The port of the proxy on the loopback address: with it, as {@code socksProxyPort}, connections of other JVMs pass
     * it, too.
     *
     * @return the port
     */
    public int port() {
        return door.getLocalPort();
    }

    /**
     * Cuts the line: what is on its way, and what is sent, waits; new connections wait to be made. Nobody is told.
     */
    public synchronized void cut() {
        isCut = true;
    }

    /** Lets what waits go on. */
    public synchronized void heal() {
        isCut = false;
        notifyAll();
    }

    private synchronized void awaitLine() {
        while (isCut) {
            try {
                wait();
            } catch (InterruptedException nobodyDoesThat) {
                throw new AssertionError(nobodyDoesThat);
            }
        }
    }

    /**
     * How many connections pass it.
     *
     * @return a snapshot; each counts twice, once for each side
     */
    public int openSockets() {
        return sockets.size();
    }

    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            if ("socket".equals(uri.getScheme()) && ports.test(uri.getPort())) {
                return List.of(new Proxy(Proxy.Type.SOCKS, door.getLocalSocketAddress()));
            }
            return before == null ? List.of(Proxy.NO_PROXY) : before.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            if (before != null) {
                before.connectFailed(uri, address, failure);
            }
        }
    }

    // ---- the proxy -------------------------------------------------------------------------------------------------

    private void accept() throws IOException {
        while (true) {
            Socket caller = door.accept();
            daemon("proxy-handshake", () -> serve(caller));
        }
    }

    private void serve(Socket caller) throws IOException {
        sockets.add(caller);
        Socket callee = new Socket(Proxy.NO_PROXY);
        sockets.add(callee);
        boolean isConnected = false;
        try {
            caller.setTcpNoDelay(true);
            callee.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(caller.getInputStream());
            OutputStream out = caller.getOutputStream();
            expect(in.readByte() == VERSION);
            in.readFully(new byte[in.readUnsignedByte()]); // ways to say who one is, none among them
            out.write(new byte[] {VERSION, 0});
            InetSocketAddress target = readTarget(in);
            awaitLine();
            try {
                callee.connect(target);
            } catch (IOException refused) {
                out.write(new byte[] {VERSION, REFUSED, 0, IPV4, 0, 0, 0, 0, 0, 0});
                throw refused;
            }
            out.write(new byte[] {VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0});
            carry(caller, callee);
            carry(callee, caller);
            isConnected = true;
        } finally {
            if (!isConnected) {
                close(caller);
                close(callee);
            }
        }
    }

    private static InetSocketAddress readTarget(DataInputStream in) throws IOException {
        expect(in.readByte() == VERSION && in.readByte() == 1 && in.readByte() == 0);
        int type = in.readByte();
        byte[] address = new byte[type == IPV4 ? 4 : type == NAME ? in.readUnsignedByte() : 16];
        in.readFully(address);
        InetAddress host = type == NAME
                ? InetAddress.getByName(new String(address, java.nio.charset.StandardCharsets.UTF_8))
                : InetAddress.getByAddress(address);
        return new InetSocketAddress(host, in.readUnsignedShort());
    }

    private static void expect(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("not SOCKS 5");
        }
    }

    private void carry(Socket from, Socket to) {
        DelayedBytes bytes = new DelayedBytes(nanos);
        daemon("proxy-in", () -> {
            byte[] part = new byte[PART];
            try {
                InputStream in = from.getInputStream();
                for (int count = in.read(part); count >= 0; count = in.read(part)) {
                    bytes.put(ByteBuffer.wrap(part, 0, count));
                }
            } finally {
                bytes.end();
            }
        });
        daemon("proxy-out", () -> {
            ByteBuffer part = ByteBuffer.allocate(PART);
            try {
                while (bytes.take(part.clear()) >= 0) {
                    awaitLine();
                    to.getOutputStream().write(part.array(), 0, part.position());
                }
                awaitLine(); // an end does not pass, either
            } finally {
                close(from);
                close(to);
            }
        });
    }

    private void close(Socket socket) throws IOException {
        socket.close();
        sockets.remove(socket);
    }

    /** What a thread does until a connection ends. */
    private interface Body {
        void run() throws IOException;
    }

    private static void daemon(String name, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (IOException closed) {
                        return; // by one side or the other, which is what connections are for
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes all connections that pass it; new ones are made directly. */
    @Override
    public void close() {
        ProxySelector.setDefault(before);
        heal();
        try {
            door.close();
            for (Socket socket : sockets) {
                close(socket);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
