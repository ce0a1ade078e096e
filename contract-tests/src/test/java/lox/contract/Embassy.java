package lox.contract;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.BiTask;
import lox.sync.Task;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks that share counters and latches with a test run for worker processes all the same: what is sent to a process is a
 * number; the task that the process runs is to call home, where a thread runs the test's own task on its behalf. So lox has to
 * send, run, kill and gather tasks as ever. If the process is killed meanwhile, the thread at home is interrupted, and the test sees
 * what it sees of a thread.
 */
final class Embassy {
    private static final Map<Integer, Task<@Nullable Object, @Nullable Object>> TASKS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int PORT = open();

    private Embassy() {}

    /** The same task, to be sent to a process. */
    static <T extends @Nullable Object, R extends @Nullable Object> Task<T, R> abroad(Task<T, R> task) {
        int number = NUMBERS.incrementAndGet();
        TASKS.put(number, argument -> task.call(typed(argument)));
        return calling(PORT, number);
    }

    static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> BiTask<T, U, R> abroad(
            BiTask<T, U, R> task) {
        int number = NUMBERS.incrementAndGet();
        TASKS.put(number, both -> {
            @Nullable Object[] pair = typed(both);
            return task.call(typed(pair[0]), typed(pair[1]));
        });
        Task<@Nullable Object, R> call = calling(PORT, number);
        return (first, second) -> call.call(new @Nullable Object[] {first, second});
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // the test's compiler has seen to it
    private static <V extends @Nullable Object> V typed(@Nullable Object value) {
        return (V) value;
    }

    // ---- abroad ----------------------------------------------------------------------------------------------------

    private static <T extends @Nullable Object, R extends @Nullable Object> Task<T, R> calling(int port, int number) {
        return argument -> {
            try (Socket home = new Socket(InetAddress.getLoopbackAddress(), port)) {
                DataOutputStream out = new DataOutputStream(home.getOutputStream());
                out.writeInt(number);
                ObjectOutputStream objects = new ObjectOutputStream(out);
                objects.writeObject(argument);
                objects.flush();
                ObjectInputStream in = new ObjectInputStream(home.getInputStream());
                boolean thrown = in.readBoolean();
                Object outcome = in.readObject();
                if (outcome instanceof Throwable failure && thrown) {
                    throw rethrown(failure);
                }
                return typed(outcome);
            }
        };
    }

    private static Exception rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (Exception) failure;
    }

    // ---- at home ---------------------------------------------------------------------------------------------------

    private static int open() {
        try {
            ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            daemon("embassy", () -> {
                while (true) {
                    Socket caller = door.accept();
                    daemon("embassy-" + caller.getPort(), () -> receive(caller));
                }
            });
            return door.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private static Thread daemon(String name, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (Exception e) {
                        throw new AssertionError("the embassy has to be mended", e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void receive(Socket caller) throws IOException, ClassNotFoundException {
        try (caller) {
            DataInputStream in = new DataInputStream(caller.getInputStream());
            int number;
            Object argument;
            try {
                number = in.readInt();
                argument = new ObjectInputStream(in).readObject();
            } catch (EOFException | SocketException killed) {
                return; // before it had said what it wants
            }
            Thread here = Thread.currentThread();
            daemon("embassy-watch", () -> {
                if (isGone(in)) {
                    here.interrupt();
                }
            });
            answer(caller, number, argument);
        }
    }

    private static boolean isGone(DataInputStream in) {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    private static void answer(Socket caller, int number, @Nullable Object argument) {
        Task<@Nullable Object, @Nullable Object> task = TASKS.get(number);
        boolean thrown = false;
        Object outcome;
        try {
            outcome = task == null ? new AssertionError("no task " + number) : task.call(argument);
        } catch (Throwable failure) {
            thrown = true;
            outcome = failure;
        }
        try {
            ObjectOutputStream out = new ObjectOutputStream(caller.getOutputStream());
            out.writeBoolean(thrown);
            out.writeObject(outcome);
            out.flush();
        } catch (IOException gone) {
            return; // killed: nobody waits for it any more
        }
    }
}
