package lox.contract;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Objects;
import lox.sync.Task;
import org.jspecify.annotations.Nullable;

/**
 * The task that a worker process runs in the place of one of the test's own: calls home, where that runs. See {@link Embassy}. A thread
 * of the process keeps its connection.
 */
final class Envoy<T extends @Nullable Object, R extends @Nullable Object> implements Task<T, R> {
    private static final long serialVersionUID = 1L;
    private static final ThreadLocal<@Nullable Home> HOME = new ThreadLocal<>();

    private final int port;
    private final int number;

    /**
     * Knows whom to call.
     *
     * @param port where the embassy listens
     * @param number of the task there
     */
    Envoy(int port, int number) {
        this.port = port;
        this.number = number;
    }

    @Override
    public R call(T argument) throws Exception {
        Home home = HOME.get();
        if (home == null) {
            home = new Home(port);
            HOME.set(home);
        }
        Answer answer = (Answer) Objects.requireNonNull(home.ask(number, argument), "answer");
        Object outcome = answer.outcome;
        if (answer.thrown && outcome instanceof Error error) {
            throw error;
        }
        if (answer.thrown && outcome instanceof Exception exception) {
            throw exception;
        }
        return typed(outcome);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // the test's compiler has seen to it
    private static <V extends @Nullable Object> V typed(@Nullable Object value) {
        return (V) value;
    }

    /** What comes back. */
    record Answer(boolean thrown, @Nullable Object outcome) implements Serializable {}

    private static final class Home {
        private final DataInputStream in;
        private final DataOutputStream out;

        Home(int port) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port); // ends with the process
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        @Nullable
        Object ask(int number, @Nullable Object argument) throws IOException, ClassNotFoundException {
            write(out, number, argument);
            in.readInt();
            return read(in);
        }
    }

    // ---- what both sides write and read ----------------------------------------------------------------------------

    static void write(DataOutputStream out, int number, @Nullable Object value) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        new DataOutputStream(message).writeLong((long) number << Integer.SIZE); // the length goes there
        ObjectOutputStream objects = new ObjectOutputStream(message);
        objects.writeObject(value);
        objects.flush();
        byte[] bytes = message.toByteArray();
        ByteBuffer.wrap(bytes).putInt(Integer.BYTES, bytes.length - Long.BYTES);
        out.write(bytes);
        out.flush();
    }

    static @Nullable Object read(DataInputStream in) throws IOException, ClassNotFoundException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
    }
}
