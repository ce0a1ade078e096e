package lox.contract;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.BiTask;
import lox.sync.Task;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks that share counters and latches with a test run for worker processes all the same: what is sent to a process is an
 * {@link Envoy}, which calls home, where a thread runs the test's own task on its behalf. So lox has to send, run, kill and gather
 * tasks as ever. If the process is killed meanwhile, the thread at home is interrupted, and the test sees what it sees of a thread.
 *
 * <p>A task that captures nothing shares nothing with the test: it travels as it is.
 */
final class Embassy {
    private static final Map<Integer, Task<@Nullable Object, @Nullable Object>> TASKS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int PORT = open();

    /** For a call that is made only to know the way. */
    private static final int TRIAL = 0;

    private record Request(int number, @Nullable Object argument) {}

    private Embassy() {}

    /** Goes home and back, so that no task has to find the way: a new JVM takes its time for that. */
    static Task<Integer, Integer> wayHome() {
        TASKS.putIfAbsent(TRIAL, argument -> argument);
        return new Envoy<>(PORT, TRIAL);
    }

    /** The same task, to be sent to a process. */
    static <T extends @Nullable Object, R extends @Nullable Object> Task<T, R> abroad(Task<T, R> task) {
        if (capturesNothing(task)) {
            return task;
        }
        int number = NUMBERS.incrementAndGet();
        TASKS.put(number, argument -> task.call(typed(argument)));
        return new Envoy<>(PORT, number);
    }

    static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> BiTask<T, U, R> abroad(
            BiTask<T, U, R> task) {
        if (capturesNothing(task)) {
            return task;
        }
        int number = NUMBERS.incrementAndGet();
        TASKS.put(number, both -> {
            @Nullable Object[] pair = typed(both);
            return task.call(typed(pair[0]), typed(pair[1]));
        });
        Task<@Nullable Object, R> call = new Envoy<>(PORT, number);
        return (first, second) -> call.call(new @Nullable Object[] {first, second});
    }

    private static boolean capturesNothing(Object lambda) {
        try {
            Method replacement = lambda.getClass().getDeclaredMethod("writeReplace");
            replacement.setAccessible(true);
            return replacement.invoke(lambda) instanceof SerializedLambda form && form.getCapturedArgCount() == 0;
        } catch (NoSuchMethodException noLambda) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a lambda without its form", e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // the test's compiler has seen to it
    private static <V extends @Nullable Object> V typed(@Nullable Object value) {
        return (V) value;
    }

    // ---- at home ---------------------------------------------------------------------------------------------------

    private static int open() {
        try {
            ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            daemon("embassy", () -> {
                while (true) {
                    Socket caller = door.accept();
                    daemon("embassy-reader-" + caller.getPort(), () -> listen(caller));
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

    /** Hears one thread of one process to its end, which interrupts what is done for it here. */
    private static void listen(Socket caller) throws IOException, ClassNotFoundException {
        BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        Thread clerk = daemon("embassy-" + caller.getPort(), () -> work(caller, requests));
        try (caller) {
            caller.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(caller.getInputStream()));
            while (true) {
                int number = in.readInt();
                requests.add(new Request(number, Envoy.read(in)));
            }
        } catch (EOFException | SocketException gone) {
            clerk.interrupt();
        }
    }

    private static void work(Socket caller, BlockingQueue<Request> requests) throws IOException {
        try {
            DataOutputStream out = new DataOutputStream(caller.getOutputStream()); // not if it has gone already
            while (!caller.isClosed()) {
                Envoy.Answer answer = answer(requests.take());
                try {
                    Envoy.write(out, answer.thrown() ? Envoy.THREW : Envoy.RETURNED, answer.outcome());
                } catch (NotSerializableException e) {
                    Envoy.write(out, Envoy.THREW, new AssertionError("the test's result has to travel", e));
                }
            }
        } catch (InterruptedException | SocketException gone) {
            return; // nobody waits for an answer any more
        }
    }

    @SuppressWarnings("NullAway") // which cannot see nullness in type arguments when it runs on JDK 17
    private static Envoy.Answer answer(Request request) {
        Task<@Nullable Object, @Nullable Object> task = TASKS.get(request.number);
        try {
            return task == null
                    ? new Envoy.Answer(true, new AssertionError("no task " + request.number))
                    : new Envoy.Answer(false, task.call(request.argument));
        } catch (Throwable failure) {
            return new Envoy.Answer(true, failure);
        }
    }
}
