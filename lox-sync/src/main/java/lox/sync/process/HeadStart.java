package lox.sync.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import lox.sync.engine.Work;

/**
 * Has a new worker process load the classes that its first task will need, those of lambdas and of values, while another thread connects
 * to the parent. There is a second processor as a rule. What it reads for that is a function that the parent has written.
 */
final class HeadStart {
    private HeadStart() {}

    /** For the parent, which needs the same classes for its own functions. */
    private static final class Sample {
        static final byte[] BYTES = write(argument -> argument);

        private static byte[] write(Work<Integer, Integer> function) {
            Sink sink = new Sink();
            values().write(function, sink, "a function");
            return sink.toByteArray();
        }
    }

    private static Values values() {
        return new Values(Codec.javaSerialization(), HeadStart.class.getClassLoader(), null, null).ofFunctions();
    }

    /** The parent's part: writes what {@link #take} reads. */
    static void give(DataOutputStream out) throws IOException {
        out.writeInt(Sample.BYTES.length);
        out.write(Sample.BYTES);
    }

    /** The worker's part. Whatever cannot be loaded ahead the tasks will load, or say why not. */
    static void take(DataInputStream in) throws IOException {
        byte[] sample = new byte[in.readInt()];
        in.readFully(sample);
        try {
            Object received = values().open(Values.receive(new Source(sample)), "a function");
            if (!(received instanceof Work<?, ?>)) {
                throw new IllegalStateException("a function has become " + received);
            }
        } catch (RuntimeException | Error noHeadStart) {
            System.getLogger(HeadStart.class.getName())
                    .log(System.Logger.Level.DEBUG, "no classes were loaded ahead of the first task", noHeadStart);
        }
    }
}
