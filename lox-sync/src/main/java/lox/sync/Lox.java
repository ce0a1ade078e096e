package lox.sync;

/** Where a user of lox begins. It offers nothing yet. */
public final class Lox {
    private Lox() {}
}
