package lox.sync.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;

/**
 * How functions, arguments and results are written as bytes on their way to a worker process and back. The usual one is
 * Java serialization, {@link #javaSerialization()}; one of your own is set with {@code
 * Workers.processes(n).codec(codec)}.
 *
 * <p>A codec never meets null, boxed primitives, strings and arrays of primitives, which lox writes itself; nor
 * exceptions, which always travel by Java serialization. The codec itself is sent to the workers by Java serialization,
 * once each, so whatever it needs has to be {@link Serializable}, or made there on first use.
 *
 * <p>Safe for use from many threads at once.
 *
 * <pre>{@code
 * final class Json implements Codec {
 *     public void write(Object value, OutputStream out) throws IOException {
 *         Mapper.get().writeValue(out, Envelope.of(value));
 *     }
 *
 *     public Object read(InputStream in, ClassLoader loader) throws IOException {
 *         return Mapper.get(loader).readValue(in, Envelope.class).content();
 *     }
 * }
 * }</pre>
 */
public interface Codec extends Serializable {
    /**
     * Writes a value. Nothing of what was written is sent if this throws.
     *
     * @param value never null
     * @param out collects the bytes, in memory; need not be flushed or closed
     * @throws IOException if the value cannot be written; that task alone fails, with a {@link SerializationException}
     *     whose cause is this exception
     */
    void write(Object value, OutputStream out) throws IOException;

    /**
     * Reads a value.
     *
     * @param in ends where the value ends; what is not read is skipped
     * @param loader finds the classes of the function, and whatever it finds
     * @return the value, never null
     * @throws IOException if the value cannot be read; that task alone fails, with a {@link SerializationException}
     *     whose cause is this exception
     * @throws ClassNotFoundException if a class is missing; the same
     */
    Object read(InputStream in, ClassLoader loader) throws IOException, ClassNotFoundException;

    /**
     * Java serialization.
     *
     * @return the codec that is used if no other is set
     */
    static Codec javaSerialization() {
        return new StandardCodec();
    }
}
