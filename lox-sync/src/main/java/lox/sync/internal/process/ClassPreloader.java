package lox.sync.internal.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import lox.sync.process.Codec;
import lox.sync.spi.Work;

/**
 * Loads, in a new worker process, the classes that its first task will need, those of lambdas and of values, while
 * another thread connects to the parent: as a rule there is a second processor. To load them, it reads a function that
 * the parent has written.
 */
final class ClassPreloader implements Runnable {
    private final DataInputStream in;
    private final CountDownLatch read = new CountDownLatch(1);

    /**
     * The worker's part; {@link #run} takes it.
     *
     * @param in standard input, its first part read
     */
    ClassPreloader(DataInputStream in) {
        this.in = in;
    }

    /** For the parent, which needs the same classes for its own functions. */
    private static final class Sample {
        static final byte[] BYTES = write(argument -> argument);

        private static byte[] write(Work<Integer, Integer> function) {
            WireWriter writer = new WireWriter();
            values().write(function, writer, "a function");
            return writer.toByteArray();
        }
    }

    private static ValueCodec values() {
        return new ValueCodec(Codec.javaSerialization(), ClassPreloader.class.getClassLoader(), null, null)
                .ofFunctions();
    }

    /** The parent's part: writes what {@link #run} reads. */
    static void give(DataOutputStream out) throws IOException {
        out.writeInt(Sample.BYTES.length);
        out.write(Sample.BYTES);
    }

    @Override
    public void run() {
        byte[] sample;
        try {
            sample = readToEnd();
        } catch (IOException | RuntimeException parentIsGone) {
            log(parentIsGone);
            return;
        } finally {
            read.countDown();
        }
        load(sample);
    }

    private byte[] readToEnd() throws IOException {
        byte[] sample = new byte[in.readInt()];
        in.readFully(sample);
        return in.read() < 0 ? sample : new byte[0];
    }

    /** Waits until standard input is read to its end: it is empty for tasks, and for processes that they start. */
    void awaitEndOfInput() {
        boolean open = false;
        while (!open) {
            try {
                read.await();
                open = true;
            } catch (InterruptedException notMeantForThisThread) {
                open = read.getCount() == 0;
            }
        }
    }

    /** Loads what it can; tasks load the rest, or report why they cannot. */
    private static void load(byte[] sample) {
        try {
            Object received = values().open(ValueCodec.receive(new WireReader(sample)), "a function");
            if (!(received instanceof Work<?, ?>)) {
                throw new IllegalStateException("a function has become " + received);
            }
        } catch (IOException | RuntimeException | Error notAhead) {
            log(notAhead);
        }
    }

    private static void log(Throwable reason) {
        System.getLogger("lox.sync.process")
                .log(System.Logger.Level.DEBUG, "no classes were loaded ahead of the first task", reason);
    }
}
