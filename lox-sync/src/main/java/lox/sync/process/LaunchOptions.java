package lox.sync.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user says of the JVMs to start.
 *
 * @param jvmArgs options of the {@code java} command, after the inherited ones
 * @param env environment variables, beside the inherited ones; an empty value is a value
 * @param workingDirectory where they run, or null for the parent's
 * @param maxHeapBytes of each, or 0 for the JVM's own choice
 */
record LaunchOptions(
        List<String> jvmArgs,
        Map<String, String> env,
        @Nullable Path workingDirectory,
        long maxHeapBytes) {
    static final LaunchOptions DEFAULT = new LaunchOptions(List.of(), Map.of(), null, 0);

    LaunchOptions {
        jvmArgs = List.copyOf(jvmArgs);
        env = Map.copyOf(env);
    }
}
