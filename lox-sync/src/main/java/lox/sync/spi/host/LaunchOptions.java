package lox.sync.spi.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of the JVMs to start.
 *
 * @param jvmArgs options of the {@code java} command, after the inherited ones
 * @param java the {@code java} command, or null for the parent's
 * @param env environment variables, beside the inherited ones; an empty value is a value
 * @param withoutEnv names of environment variables that are not inherited
 * @param workingDirectory where they run, or null for the parent's
 * @param maxHeapBytes of each, or 0 for the JVM's own choice
 */
public record LaunchOptions(
        List<String> jvmArgs,
        @Nullable Path java,
        Map<String, String> env,
        Set<String> withoutEnv,
        @Nullable Path workingDirectory,
        long maxHeapBytes) {
    /** What holds where nothing was set. */
    public static final LaunchOptions DEFAULT = new LaunchOptions(List.of(), null, Map.of(), Set.of(), null, 0);

    /**
     * Copies the collections.
     *
     * @param jvmArgs for the {@code java} command
     * @param java the command itself, or null for the one of the machine's own JVM
     * @param env added to the environment of the processes
     * @param withoutEnv names of variables that they do not get
     * @param workingDirectory where they run, or null for the parent's
     * @param maxHeapBytes of each, or 0 for the JVM's own choice
     */
    public LaunchOptions {
        jvmArgs = List.copyOf(jvmArgs);
        env = Map.copyOf(env);
        withoutEnv = Set.copyOf(withoutEnv);
    }

    /**
     * The same, with other options before those of the {@code java} command, which win.
     *
     * @param own options of the {@code java} command
     * @return the longer options
     */
    public LaunchOptions after(List<String> own) {
        List<String> all = new ArrayList<>(own);
        all.addAll(jvmArgs);
        return new LaunchOptions(all, java, env, withoutEnv, workingDirectory, maxHeapBytes);
    }
}
