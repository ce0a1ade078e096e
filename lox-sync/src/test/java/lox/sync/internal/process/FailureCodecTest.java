package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import lox.sync.process.Codec;
import lox.sync.process.RemoteTaskException;
import lox.sync.process.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureCodecTest {
    private final WireWriter writer = new WireWriter();

    private static ValueCodec with(ClassLoader loader) {
        return new ValueCodec(Codec.javaSerialization(), loader, type -> {}, null);
    }

    private Throwable thereAndBack(Throwable failure) throws IOException {
        ValueCodec values = with(FailureCodecTest.class.getClassLoader());
        values.writeFailure(failure, writer);
        writer.writeInt(4711);
        WireReader source = new WireReader(writer.toByteArray());
        writer.clear();
        Object copy = values.read(source, "failure");
        assertThat(source.readInt()).isEqualTo(4711);
        return (Throwable) Objects.requireNonNull(copy);
    }

    @SuppressWarnings("serial") // on purpose
    static final class HoldsASocket extends Exception {
        private static final long serialVersionUID = 1L;
        final Object socket = new Socket();

        HoldsASocket(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static Throwable cause(Throwable failure) {
        return Objects.requireNonNull(failure.getCause());
    }

    static final class Tells extends Exception {
        private static final long serialVersionUID = 1L;
        final int code;

        Tells(int code) {
            super("code " + code);
            this.code = code;
        }
    }

    @SuppressWarnings("serial") // on purpose
    static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final Object socket = new Socket();

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new UnsupportedOperationException("no cause");
        }
    }

    @Test
    void shouldBringAnExceptionAsItIs() throws IOException {
        Tells original = new Tells(5);
        original.addSuppressed(new IllegalStateException("beside"));

        assertThat(thereAndBack(original)).isInstanceOfSatisfying(Tells.class, copy -> {
            assertThat(copy.code).isEqualTo(5);
            assertThat(copy.getStackTrace()).isEqualTo(original.getStackTrace());
            assertThat(copy.getSuppressed()).hasSize(1);
        });
    }

    @Test
    void shouldStandInForWhatCannotBeWritten() throws IOException {
        HoldsASocket original = new HoldsASocket("the line is dead", new IOException("cut"));

        assertThat(thereAndBack(original)).isInstanceOfSatisfying(RemoteTaskException.class, copy -> {
            assertThat(copy.originalClassName()).isEqualTo(HoldsASocket.class.getName());
            assertThat(copy.originalMessage()).isEqualTo("the line is dead");
            assertThat(copy).hasMessage(HoldsASocket.class.getName() + ": the line is dead");
            assertThat(copy.getStackTrace()).isEqualTo(original.getStackTrace());
            assertThat(copy.getCause()).hasMessage("java.io.IOException: cut");
            assertThat(copy.getSuppressed())
                    .singleElement()
                    .isInstanceOf(SerializationException.class)
                    .extracting(Throwable::getMessage)
                    .asString()
                    .contains("HoldsASocket.socket (java.net.Socket)");
        });
    }

    @Test
    void shouldReplaceACauseAlone() throws IOException {
        ExecutionException original = new ExecutionException("failed", new HoldsASocket("cause", new Tells(3)));
        original.addSuppressed(new HoldsASocket("beside", null));

        Throwable copy = thereAndBack(original);

        assertThat(copy).isExactlyInstanceOf(ExecutionException.class).hasMessage("failed");
        assertThat(copy.getCause())
                .isInstanceOf(RemoteTaskException.class)
                .hasMessage(HoldsASocket.class.getName() + ": cause");
        assertThat(copy.getSuppressed()).singleElement().isInstanceOf(RemoteTaskException.class);
    }

    @Test
    void shouldBringACircleOfCauses() throws IOException {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        Throwable copy = thereAndBack(first);
        assertThat(copy.getCause()).hasMessage("second");
        assertThat(cause(cause(copy))).isSameAs(copy);

        HoldsASocket third = new HoldsASocket("third", null);
        Exception fourth = new Exception("fourth", third);
        third.addSuppressed(fourth);
        Throwable standIn = thereAndBack(third);
        assertThat(standIn.getSuppressed()[0].getCause()).isSameAs(standIn);
    }

    @Test
    void shouldSurviveAnExceptionWhoseMethodsThrow() throws IOException {
        assertThat(thereAndBack(new Hostile())).isInstanceOfSatisfying(RemoteTaskException.class, copy -> {
            assertThat(copy.originalClassName()).isEqualTo(Hostile.class.getName());
            assertThat(copy.originalMessage()).isNull();
        });
    }

    @Test
    void shouldStandInForAClassThatIsMissingHere() throws IOException {
        with(FailureCodecTest.class.getClassLoader()).writeFailure(new Tells(9), writer);

        Object copy = with(ClassLoader.getPlatformClassLoader()).read(new WireReader(writer.toByteArray()), "failure");

        assertThat(copy).isInstanceOfSatisfying(RemoteTaskException.class, standIn -> {
            assertThat(standIn.originalClassName()).isEqualTo(Tells.class.getName());
            assertThat(standIn.originalMessage()).isEqualTo("code 9");
            assertThat(standIn.getSuppressed()[0]).hasMessageContaining("Tells");
        });
    }
}
