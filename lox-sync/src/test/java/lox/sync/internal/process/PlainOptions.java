package lox.sync.internal.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lox.sync.process.Codec;
import org.jspecify.annotations.Nullable;

/** The options of workers about which a test says nothing. */
final class PlainOptions {
    private PlainOptions() {}

    static WorkerOptions of(@Nullable Duration taskTimeout) {
        return new WorkerOptions(
                List.of(),
                null,
                Map.of(),
                Set.of(),
                null,
                0,
                null,
                Integer.MAX_VALUE,
                Duration.ofMinutes(1),
                taskTimeout,
                0,
                0,
                null,
                Codec.javaSerialization(),
                null,
                null);
    }
}
