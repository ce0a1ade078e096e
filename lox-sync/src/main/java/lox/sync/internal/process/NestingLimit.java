package lox.sync.internal.process;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps worker processes from starting worker processes without end. A class initializer that
 * needs worker processes runs again in each of them, which needs worker processes to run it. So a worker starts none
 * for a class initializer that one of its parents started it for, and none at all below a certain depth.
 */
final class NestingLimit {
    /** Worker processes of the JVM that has no parent are at depth 1. */
    static final int DEEPEST = 5;

    private static final String DEPTH = "lox.process.depth";
    private static final String INITIALIZERS = "lox.process.initializers";
    private static final String INITIALIZER = "<clinit>";
    private static final String LOX = "lox.sync.";

    private final String pool;
    private final Set<String> initializers;
    private final WeakReference<Thread> maker;

    /** For a pool that is made by this thread now. */
    NestingLimit(String pool) {
        this.pool = pool;
        this.initializers = StackWalker.getInstance()
                .walk(frames -> initializers(frames.map(StackWalker.StackFrame::toStackTraceElement)));
        this.maker = new WeakReference<>(initializers.isEmpty() ? null : Thread.currentThread());
    }

    /**
     * Checks whether this JVM may start workers.
     *
     * @throws IllegalStateException if that would not come to an end
     */
    void check() {
        check(pool, Integer.getInteger(DEPTH, 0), inherited());
    }

    static void check(String pool, int depth, Set<String> inherited) {
        if (depth == 0) {
            return;
        }
        Set<String> running = running();
        for (String name : running) {
            if (inherited.contains(name)) {
                throw new IllegalStateException("\"" + pool + "\" starts no process: the static initializer of " + name
                        + " needs worker processes, and runs in each of them again, without end. Let a method do it");
            }
        }
        if (depth >= DEEPEST) {
            String reason = running.isEmpty() ? "" : ", in the static initializer of " + String.join(", ", running);
            throw new IllegalStateException("\"" + pool + "\" starts no process: worker processes are nested " + depth
                    + " deep, the most is " + DEEPEST + reason);
        }
    }

    /** The limits that a worker inherits, as options of the {@code java} command. */
    List<String> options() {
        int depth = Integer.getInteger(DEPTH, 0);
        Set<String> all = new LinkedHashSet<>(inherited());
        Thread thread = maker.get();
        if (depth > 0) {
            all.addAll(running());
        } else if (thread != null) {
            Set<String> still = initializers(Stream.of(thread.getStackTrace()));
            still.retainAll(initializers);
            all.addAll(still);
        }
        List<String> options = new ArrayList<>(List.of("-D" + DEPTH + "=" + (depth + 1)));
        if (!all.isEmpty()) {
            options.add("-D" + INITIALIZERS + "=" + String.join(",", all));
        }
        return options;
    }

    private static Set<String> inherited() {
        String names = System.getProperty(INITIALIZERS, "");
        return names.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(names.split(",", -1)));
    }

    /**
     * The classes whose initializers wait for lox in any thread: the one that starts a worker is a lane's. A worker
     * has few threads.
     */
    private static Set<String> running() {
        Set<String> all = new LinkedHashSet<>();
        for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
            if (Stream.of(stack).anyMatch(frame -> frame.getClassName().startsWith(LOX))) {
                all.addAll(initializers(Stream.of(stack)));
            }
        }
        return all;
    }

    private static Set<String> initializers(Stream<StackTraceElement> frames) {
        return frames.filter(frame -> frame.getMethodName().equals(INITIALIZER))
                .filter(frame -> !String.valueOf(frame.getModuleName()).startsWith("java."))
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith(LOX))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
