package lox.sync.engine;

/** A null where none may be, for tests of what happens then. */
final class Nulls {
    private Nulls() {}

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // on purpose
    static <T> T of() {
        return null;
    }
}
