package lox.sync.internal.process;

import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;
import lox.sync.process.Codec;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one run, as a callable that any executor can carry to another JVM which has lox and the user's classes.
 * It is made of bytes alone, and so is its result:
 *
 * <pre>
 *   arguments   [value] for each task
 *   result      [tasks: int] [RESULT or FAILURE: byte][nanoseconds: long][value] for each of them [nanoseconds: long]
 * </pre>
 *
 * <p>It runs tasks in order until there are no more, or until it has worked for {@value #ENOUGH_NANOS} nanoseconds or
 * has collected {@value #ENOUGH_BYTES} bytes: it cannot be asked for what it has not started, so what comes behind a
 * long task is given back instead of waiting there. A thread that has been interrupted starts nothing more. At least
 * one task is run, so that each run brings its caller further. Whatever goes wrong is one task's failure.
 */
final class ShippedTasks implements Callable<byte[]>, Serializable {
    private static final long serialVersionUID = 1L;

    private static final long ENOUGH_NANOS = 20_000_000;
    private static final long ENOUGH_BYTES = 16 << 20;

    private final byte[] function;
    private final byte[] arguments;
    private final int size;

    /**
     * Makes it of bytes, which it keeps.
     *
     * @param function as {@link ValueCodec#ofFunctions} writes it
     * @param arguments as {@link ValueCodec} writes them, one after the other
     * @param size how many arguments, at least one
     */
    ShippedTasks(byte[] function, byte[] arguments, int size) {
        this.function = function;
        this.arguments = arguments;
        this.size = size;
    }

    @Override
    public byte[] call() throws IOException {
        long begun = System.nanoTime();
        ValueCodec values = new ValueCodec(Codec.javaSerialization(), loader(), null, null);
        WireReader in = new WireReader(arguments);
        WireWriter out = new WireWriter();
        int countAt = out.reserveInt();
        Object work = null;
        int ended = 0;
        boolean more = true;
        while (more) {
            work = runOne(work, ValueCodec.receive(in), values, out);
            ended++;
            more = ended < size
                    && System.nanoTime() - begun < ENOUGH_NANOS
                    && out.size() < ENOUGH_BYTES
                    && !Thread.currentThread().isInterrupted();
        }
        out.patchInt(countAt, ended);
        out.writeLong(System.nanoTime() - begun);
        return out.toByteArray();
    }

    /** The classes of the thread that the executor runs this in, then those that lox sees. */
    private static ClassLoader loader() {
        SeenClassLoaders loaders = new SeenClassLoaders();
        loaders.remember(Thread.currentThread().getContextClassLoader());
        return loaders.together();
    }

    /** Runs a task and writes what came of it. Returns the function, if it could be read. */
    private @Nullable Object runOne(
            @Nullable Object known, @Nullable Object received, ValueCodec values, WireWriter out) {
        long mark = out.mark();
        long begun = System.nanoTime();
        Object work = known;
        try {
            if (work == null) {
                work = values.ofFunctions().read(new WireReader(function), "the function");
            }
            Object argument = values.open(received, "the argument");
            begun = System.nanoTime();
            Object result = apply((Work<?, ?>) work, argument);
            out.write(Protocol.RESULT);
            out.writeLong(System.nanoTime() - begun);
            values.write(result, out, "the result");
        } catch (Throwable thrown) {
            out.rewind(mark);
            out.write(Protocol.FAILURE);
            out.writeLong(System.nanoTime() - begun);
            values.writeFailure(thrown, out);
            if (thrown instanceof InterruptedException) {
                Thread.currentThread().interrupt(); // whoever has interrupted it wants no other task either
            }
        }
        return work;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the compiler of the one who has sent it has seen to it
    private static <A extends @Nullable Object> @Nullable Object apply(
            @Nullable Work<A, ?> work, @Nullable Object argument) throws Exception {
        return work.run((A) argument);
    }
}
