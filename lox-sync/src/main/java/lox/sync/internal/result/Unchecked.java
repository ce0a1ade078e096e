package lox.sync.internal.result;

import org.jspecify.annotations.Nullable;

/** The engine's one unchecked cast: restores the type of the content of a slot or a result. */
public final class Unchecked {
    private Unchecked() {}

    /** Only the engine stores there, so the type is right, and so is null. */
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    public static <V extends @Nullable Object> V cast(@Nullable Object content) {
        return (V) content;
    }
}
