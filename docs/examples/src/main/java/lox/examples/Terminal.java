package lox.examples;

import java.io.Console;

/** Finds out whether the output goes to a person's terminal or to a file or pipe. */
final class Terminal {
    private Terminal() {}

    @SuppressWarnings("SystemConsoleNull") // it is null on Java 17, and later ones are asked further down
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        if (Runtime.version().feature() < 22) {
            return true;
        }
        try { // from Java 22 on there may be a console without a terminal, and a method that tells
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Java " + Runtime.version() + " should have Console.isTerminal", e);
        }
    }
}
