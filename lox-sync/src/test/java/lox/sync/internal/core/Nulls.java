package lox.sync.internal.core;

/** A null where none may be, for tests of what happens then. */
public final class Nulls {
    private Nulls() {}

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // on purpose
    public static <T> T of() {
        return null;
    }
}
