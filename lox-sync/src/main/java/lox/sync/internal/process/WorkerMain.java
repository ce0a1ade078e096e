package lox.sync.internal.process;

import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The main class of a worker process. Not for users: it is public because {@code java} starts it.
 *
 * <p>Two threads: the first runs the tasks, the other reads the {@linkplain UninterruptibleChannel connection}, and
 * ends the process when that ends. A third runs the {@linkplain ClassPreloader class preloader}, and ends.
 */
public final class WorkerMain {
    private WorkerMain() {}

    /**
     * Runs tasks until the parent has no more.
     *
     * @param arguments ignored: they tell this process from others of the same parent
     * @throws IOException if the parent cannot be reached
     */
    public static void main(String[] arguments) throws IOException {
        ignoreInterrupts();
        DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
        System.setIn(InputStream.nullInputStream()); // which is what it is for tasks, and for programs that they start
        Path socket = Path.of(in.readUTF());
        Path buffer = Path.of(in.readUTF());
        byte[] marker = in.readUTF().getBytes(StandardCharsets.US_ASCII);
        byte[] token = new byte[Protocol.TOKEN_BYTES];
        in.readFully(token);
        TaskOutput.Streams streams = new TaskOutput.Streams(marker);
        ClassPreloader preloader = new ClassPreloader(in);
        daemon("lox-class-preloader", preloader);

        ParentDeathWatch parent = new ParentDeathWatch(socket);
        UninterruptibleChannel channel = new UninterruptibleChannel(parent.connect());
        CrashSafeOutput output = new CrashSafeOutput(channel, buffer);
        channel.write(ByteBuffer.wrap(token));
        WorkerLoop loop = new WorkerLoop(channel, output, streams, parent);
        daemon("lox-reader", loop::read);
        preloader.awaitEndOfInput();
        loop.run();
    }

    /**
     * Ignores Ctrl-C, which reaches all processes of the terminal: the parent decides whether the program ends, and
     * this process ends with it. Uses reflection, since the compiler warns of these classes, and an image may lack
     * them.
     */
    private static void ignoreInterrupts() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler)
                    .invoke(null, interrupt, handler.getField("SIG_IGN").get(null));
        } catch (
                ReflectiveOperationException
                        notInThisJvm) { // or it was started with -Xrs, to leave signals as they are
            System.getLogger("lox.sync.process")
                    .log(System.Logger.Level.DEBUG, "a worker process will end at an interrupt", notInThisJvm);
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
