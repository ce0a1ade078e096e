package lox.sync.process;

/**
 * A line that a worker process wrote to its standard output or its standard error. A line that has no end after a tenth
 * of a second, or when its task ends, is handed on as it is; what follows on it is another {@code OutputLine}.
 *
 * @param pid the process
 * @param isError true for standard error
 * @param text the line, without its end; what is not UTF-8 in it is replaced by {@code U+FFFD}
 */
public record OutputLine(long pid, boolean isError, String text) {}
