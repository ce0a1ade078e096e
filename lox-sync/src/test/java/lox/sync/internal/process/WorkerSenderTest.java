package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import lox.sync.spi.host.AbandonableChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerSenderTest {
    /** Takes some bytes, and then no more: it fails, because it is broken or because it is given up. */
    private static final class FullChannel implements AbandonableChannel {
        private @Nullable BooleanSupplier giveUp;

        @Override
        public int write(ByteBuffer source) throws IOException {
            source.get();
            BooleanSupplier condition = Objects.requireNonNull(giveUp);
            throw new IOException(condition.getAsBoolean() ? "given up" : "broken");
        }

        @Override
        public void giveUpIf(BooleanSupplier condition) {
            giveUp = condition;
        }

        @Override
        public void neverGiveUp() {
            giveUp = null;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private final List<String> told = new ArrayList<>();
    private final WorkerSender sender =
            new WorkerSender(new FullChannel(), () -> told.add("lost"), () -> told.add("given up"));

    private static WireWriter message() {
        WireWriter message = new WireWriter();
        message.writeLong(42);
        return message;
    }

    @Test
    void shouldLoseAWorkerWhoseConnectionBreaks() {
        sender.send(message(), () -> false);
        assertThat(told).containsExactly("lost");
    }

    /** It has not failed: three that end by themselves would fail the next batch. */
    @Test
    void shouldNotBlameAWorkerThatIsGivenUp() {
        sender.send(message(), () -> true);
        assertThat(told).containsExactly("given up");
    }
}
