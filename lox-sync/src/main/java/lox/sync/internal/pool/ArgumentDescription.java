package lox.sync.internal.pool;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import lox.sync.internal.core.TaskOrigin;
import lox.sync.internal.time.BoundedCalls;
import lox.sync.internal.time.SharedThreads;
import lox.sync.spi.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Describes arguments, for the {@linkplain TaskOrigin origin} attached to a failure. A {@code toString} may be the
 * user's: if it throws, takes long, never returns, or makes a huge text, only that text is lost. So unless an argument
 * is known to be harmless, it is described on a separate thread, for half a second at most, and in at most a hundred
 * characters.
 *
 * <p>Of the JDK's collections, maps and arrays, only the first elements are described. Safe for use from many threads.
 */
public final class ArgumentDescription {
    /** Used unless the user configures another. */
    public static final ArgumentDescription DEFAULT = new ArgumentDescription(null, false);

    /** Describes no arguments. */
    public static final ArgumentDescription HIDDEN = new ArgumentDescription(null, true);

    private static final int LONGEST = 100;
    private static final int LONGEST_OF_THE_USERS = 1_000;
    private static final long MOST_MILLIS = 500;

    /** The most threads that may hang in descriptions before no more are started. */
    private static final int MOST_AT_ONCE = 16;

    private static final AtomicInteger UNDER_WAY = new AtomicInteger();

    private final @Nullable Function<Object, String> function;
    private final boolean hidden;

    private ArgumentDescription(@Nullable Function<Object, String> function, boolean hidden) {
        this.function = function;
        this.hidden = hidden;
    }

    /**
     * Describes arguments with the user's function.
     *
     * @param function receives an argument that is not null; its text is cut to a thousand characters
     * @return the description
     */
    public static ArgumentDescription by(Function<Object, String> function) {
        return new ArgumentDescription(function, false);
    }

    public boolean isHidden() {
        return hidden;
    }

    /** The description of an argument that can be described at once and without calling the user's code; else null. */
    @Nullable
    public String plain(@Nullable Object argument) {
        if (argument == null) {
            return "null";
        }
        if (function != null) {
            return null;
        }
        if (argument instanceof String text) {
            return cut(text, LONGEST);
        }
        return isScalar(argument) ? argument.toString() : null;
    }

    private static boolean isScalar(Object argument) {
        return argument instanceof Integer
                || argument instanceof Long
                || argument instanceof Boolean
                || argument instanceof Character
                || argument instanceof Double
                || argument instanceof Float
                || argument instanceof Short
                || argument instanceof Byte;
    }

    /** Describes an argument, whatever its code does. Takes half a second at most. */
    public String text(Object argument) {
        if (UNDER_WAY.incrementAndGet() > MOST_AT_ONCE) {
            UNDER_WAY.decrementAndGet();
            return named(argument) + ", not described: " + MOST_AT_ONCE + " others are being described";
        }
        FutureTask<String> task = new FutureTask<>(() -> {
            try {
                return describe(argument);
            } finally {
                UNDER_WAY.decrementAndGet();
            }
        });
        try {
            SharedThreads.elsewhere(task);
        } catch (Throwable noThread) {
            UNDER_WAY.decrementAndGet();
            return named(argument) + ", not described: there is no thread for it";
        }
        return await(task, argument);
    }

    private static String await(FutureTask<String> task, Object argument) {
        try {
            return BoundedCalls.await(task, TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS));
        } catch (TimeoutException late) {
            return named(argument) + ", which took longer than " + MOST_MILLIS + " ms to describe";
        } catch (Throwable thrown) { // no memory; or the thread must not wait, and a check forbids it
            return named(argument) + ", not described: " + thrown.getClass().getName();
        }
    }

    private static String named(Object argument) {
        return argument instanceof Arguments
                ? "two arguments"
                : argument.getClass().getName();
    }

    private String describe(Object argument) {
        Function<Object, String> own = function;
        try {
            if (own == null) {
                return new BoundedText(LONGEST).append(argument).toString();
            }
            return cut(own(own, argument), LONGEST_OF_THE_USERS);
        } catch (
                Throwable thrown) { // the user's code; the failure at hand matters more than why it cannot be described
            return named(argument)
                    + (own == null ? ", whose toString() threw " : ", whose description threw ")
                    + thrown.getClass().getName();
        }
    }

    private static String own(Function<Object, String> own, @Nullable Object argument) {
        if (argument instanceof Arguments<?, ?> both) {
            return "(" + own(own, both.first()) + ", " + own(own, both.second()) + ")";
        }
        return argument == null ? "null" : String.valueOf(own.apply(argument));
    }

    private static String cut(String text, int longest) {
        return new BoundedText(longest).append(text).toString();
    }
}
