package lox.sync.internal.pool;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether tasks run on the thread that scatters them, for debugging. Read when workers are built. */
public final class DebugSwitch {
    /** As in Python's {@code strtobool}, plus the empty value, which is {@code -Dlox.debug}. */
    private static final Set<String> ON = Set.of("", "1", "true", "t", "yes", "y", "on");

    private DebugSwitch() {}

    /**
     * Whether debugging is switched on: by the system property {@code lox.debug}, or if that is not set, by the
     * environment variable {@code LOX_DEBUG}.
     *
     * @return true for {@code 1}, {@code true}, {@code t}, {@code yes}, {@code y} and {@code on}, in any case, and for
     *     a property without a value
     */
    public static boolean isOn() {
        return isOn(System.getProperty("lox.debug"), System.getenv("LOX_DEBUG"));
    }

    static boolean isOn(@Nullable String property, @Nullable String variable) {
        if (property != null) {
            return ON.contains(property.strip().toLowerCase(Locale.ROOT));
        }
        return variable != null
                && !variable.isEmpty()
                && ON.contains(variable.strip().toLowerCase(Locale.ROOT));
    }
}
