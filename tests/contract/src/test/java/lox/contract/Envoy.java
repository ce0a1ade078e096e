package lox.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.Socket;
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
        Answer answer = home.ask(number, argument);
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
    record Answer(boolean thrown, @Nullable Object outcome) {}

    private static final class Home {
        private final DataInputStream in;
        private final DataOutputStream out;

        Home(int port) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port); // ends with the process
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(socket.getOutputStream());
        }

        Answer ask(int number, @Nullable Object argument) throws IOException, ClassNotFoundException {
            write(out, number, argument);
            int thrown = in.readInt();
            return new Answer(thrown == THREW, read(in));
        }
    }

    // ---- what both sides write and read: an int, then a value ------------------------------------------------------

    /** Before an answer. */
    static final int RETURNED = 0;

    static final int THREW = 1;

    private static final byte INT = 0;
    private static final byte OBJECT = 1;

    static void write(DataOutputStream out, int first, @Nullable Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(bytes);
        message.writeInt(first);
        if (value
                instanceof Integer number) { // most are; object streams would cost a new JVM more than all else it does
            message.writeByte(INT);
            message.writeInt(number);
        } else {
            message.writeByte(OBJECT);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            ObjectOutputStream objects = new ObjectOutputStream(content);
            objects.writeObject(value);
            objects.flush();
            message.writeInt(content.size());
            content.writeTo(message);
        }
        bytes.writeTo(out);
        out.flush();
    }

    static @Nullable Object read(DataInputStream in) throws IOException, ClassNotFoundException {
        if (in.readByte() == INT) {
            return in.readInt();
        }
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
    }
}
