package lox.sync.internal.result;

/**
 * The text of a throwable, for messages. The {@code toString} of a user's exception may throw, return null or be
 * endless; none of that may lose the failure being described.
 */
public final class FailureText {
    private static final int LONGEST = 10_000;

    private FailureText() {}

    /**
     * Describes a throwable as its {@code toString} does, or by the name of its class if that fails.
     *
     * @param failure the throwable
     * @return its text, cut off after 10,000 characters
     */
    public static String of(Throwable failure) {
        try {
            String text = failure.toString();
            if (text != null) {
                return shortened(text, LONGEST);
            }
        } catch (Throwable ofTheException) { // the user's code: only this text is lost
            return failure.getClass().getName();
        }
        return failure.getClass().getName();
    }

    /**
     * Cuts a text off.
     *
     * @param text the text
     * @param longest the most characters kept
     * @return the text itself if it is not longer
     */
    public static String shortened(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "... (" + text.length() + " characters)";
    }
}
