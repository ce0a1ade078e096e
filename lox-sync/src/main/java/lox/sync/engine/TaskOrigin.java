package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * Says of a task's failure which scatter it was. It is attached to the failure as a suppressed exception, so that the failure
 * keeps its type and a printed stack trace names the index, the Scatter and the argument.
 */
final class TaskOrigin extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_ARGUMENT = 100;

    /** One exception instance may be thrown by a million tasks. It must not collect a million origins. */
    private static final int MOST_ORIGINS = 8;

    private TaskOrigin(String message) {
        super(message, null, false, false);
    }

    static void attach(Throwable failure, String name, long index, @Nullable Object argument, int attempts) {
        try {
            if (failure.getSuppressed().length < MOST_ORIGINS) {
                failure.addSuppressed(new TaskOrigin("scatter " + index + " of \"" + name + "\""
                        + (attempts > 1 ? ", attempt " + attempts : "") + ", argument: " + describe(argument)));
            }
        } catch (VirtualMachineError noRoom) { // no memory, no stack: the failure itself has to get through
            return;
        }
    }

    private static String describe(@Nullable Object argument) {
        if (argument == null) {
            return "null";
        }
        String text;
        try {
            text = argument.toString();
        } catch (Throwable thrown) { // the user's code; the failure at hand matters more than why it cannot be printed
            return argument.getClass().getName() + ", whose toString() threw "
                    + thrown.getClass().getName();
        }
        if (text == null || text.length() <= LONGEST_ARGUMENT) {
            return text == null ? "null" : text;
        }
        int end =
                Character.isHighSurrogate(text.charAt(LONGEST_ARGUMENT - 1)) ? LONGEST_ARGUMENT - 1 : LONGEST_ARGUMENT;
        return text.substring(0, end) + "... (" + text.length() + " characters)";
    }
}
