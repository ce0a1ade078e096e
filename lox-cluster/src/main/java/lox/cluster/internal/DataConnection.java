package lox.cluster.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One worker's connection between its program and its member. Both send frames: an int, which is the length of the
 * bytes that follow, of the program for its worker or of the worker for its program, or a negative number of those
 * below.
 *
 * <pre>
 *   program: the ticket      member: OK      then each, at the same time, what it has, until
 *                                            member: END, program: closes
 * </pre>
 *
 * Reading and writing block, and an interrupt does not end them: call from platform threads. To give up, close it. TLS
 * lies over a plain socket, so that closing does not wait for the other side.
 */
final class DataConnection implements AutoCloseable {
    static final int OK = 1;

    /** Of the program: the member answers it at once, whatever the worker does. */
    static final int PING = -1;

    /** The worker has ended: a {@link WorkerEnding}. */
    static final int END = -1;

    /** A line that the worker has printed: a boolean for standard error, another if it has ended, length, bytes. */
    static final int LINE = -2;

    /** How many tasks the worker has started: a long. */
    static final int STARTED = -3;

    /** The answer to a {@link #PING}. */
    static final int PONG = -4;

    /** Nothing, every second: so that a program that waits for its worker knows that the line is there. */
    static final int ALIVE = -5;

    /** How long a program waits for bytes; longer than members take to see that one of them has gone. */
    static final int SILENCE_MILLIS = 15_000;

    static final int PIECE = 128 * 1024;
    static final int LONGEST_LINE = 16 * 1024 * 1024;

    private static final int CONNECT_MILLIS = 5_000;

    private final Socket plain;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final TripTime trip = new TripTime();

    private DataConnection(Socket plain, Socket socket) throws IOException {
        this.plain = plain;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), PIECE));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 16 * 1024));
    }

    /** The program's side. */
    static DataConnection open(InetAddress host, int port, @Nullable SSLContext tls, byte[] ticket) throws IOException {
        Socket plain = new Socket();
        boolean isOpen = false;
        try {
            plain.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            DataConnection connection = prepare(plain, tls, true);
            long sent = System.nanoTime();
            connection.out.write(ticket);
            connection.out.flush();
            if (connection.in.readByte() != OK) {
                throw new IOException("the member has answered the ticket with something else");
            }
            connection.trip.add(System.nanoTime() - sent);
            plain.setSoTimeout(SILENCE_MILLIS);
            isOpen = true;
            return connection;
        } finally {
            if (!isOpen) {
                plain.close();
            }
        }
    }

    /** The member's side. The other side has a while to prove who it is; {@link #accept} ends that time. */
    static DataConnection of(Socket accepted, @Nullable SSLContext tls) throws IOException {
        return prepare(accepted, tls, false);
    }

    private static DataConnection prepare(Socket plain, @Nullable SSLContext tls, boolean isClient) throws IOException {
        plain.setTcpNoDelay(true);
        plain.setKeepAlive(true);
        plain.setSoTimeout(CONNECT_MILLIS);
        if (tls == null) {
            return new DataConnection(plain, plain);
        }
        SSLSocket secure = (SSLSocket) tls.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        secure.setUseClientMode(isClient);
        if (!isClient) {
            secure.setNeedClientAuth(true);
        }
        secure.startHandshake();
        return new DataConnection(plain, secure);
    }

    byte[] readTicket() throws IOException {
        byte[] ticket = new byte[Tickets.BYTES];
        in.readFully(ticket);
        return ticket;
    }

    /** Tells the program that its ticket was right. */
    void accept() throws IOException {
        plain.setSoTimeout(0);
        out.writeByte(OK);
        out.flush();
    }

    /** Limits the time of one read. */
    void limitReads(int millis) throws IOException {
        plain.setSoTimeout(millis);
    }

    DataInputStream in() {
        return in;
    }

    /** Buffered; one thread may write at a time. */
    DataOutputStream out() {
        return out;
    }

    /** How far away the member is, for the program. */
    TripTime trip() {
        return trip;
    }

    /** Closes it at once, whatever the other side does. */
    @Override
    public void close() throws IOException {
        plain.close();
    }
}
