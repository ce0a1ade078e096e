package lox.sync.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that can be told of an exception without its class: names, messages, stack traces, and which exception hangs on which. Causes
 * may form circles. What an exception's own methods throw while they are asked is taken for no answer.
 */
final class FailureDescription {
    /** Exceptions may hang on each other without end. */
    private static final int MOST_PARTS = 100;

    private static final int NONE = -1;

    /** Of one exception; causes and suppressed ones by their place in the list. */
    private record Part(
            String type,
            @Nullable String message,
            List<StackTraceElement> stack,
            int cause,
            List<Integer> suppressed) {}

    private final List<Part> parts;
    private final @Nullable String reason;

    private FailureDescription(List<Part> parts, @Nullable String reason) {
        this.parts = parts;
        this.reason = reason;
    }

    /**
     * Describes an exception.
     *
     * @param refusal why it cannot travel itself, or null
     */
    static FailureDescription of(Throwable failure, @Nullable Throwable refusal) {
        List<Throwable> all = partsOf(failure);
        IdentityHashMap<Throwable, Integer> places = new IdentityHashMap<>();
        for (Throwable part : all) {
            places.put(part, places.size());
        }
        List<Part> parts = new ArrayList<>();
        for (Throwable part : all) {
            Throwable cause = ask(part::getCause);
            StackTraceElement[] stack = ask(part::getStackTrace);
            List<Integer> suppressed = new ArrayList<>();
            for (Throwable one : part.getSuppressed()) {
                Integer place = places.get(one);
                if (place != null) {
                    suppressed.add(place);
                }
            }
            parts.add(new Part(
                    part instanceof RemoteTaskException standIn
                            ? standIn.originalClassName()
                            : part.getClass().getName(),
                    part instanceof RemoteTaskException standIn ? standIn.originalMessage() : ask(part::getMessage),
                    stack == null ? List.of() : List.of(stack),
                    cause == null ? NONE : places.getOrDefault(cause, NONE),
                    suppressed));
        }
        return new FailureDescription(parts, refusal == null ? null : refusal.getMessage());
    }

    /** The exception and all that hang on it, each once. */
    static List<Throwable> partsOf(Throwable failure) {
        Set<Throwable> known = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> all = new ArrayList<>();
        known.add(failure);
        all.add(failure);
        for (int i = 0; i < all.size(); i++) {
            Throwable part = all.get(i);
            List<Throwable> next = new ArrayList<>(List.of(part.getSuppressed()));
            Throwable cause = ask(part::getCause);
            if (cause != null) {
                next.add(cause);
            }
            for (Throwable one : next) {
                if (all.size() < MOST_PARTS && known.add(one)) {
                    all.add(one);
                }
            }
        }
        return all;
    }

    private static <T> @Nullable T ask(Supplier<? extends @Nullable T> question) {
        try {
            return question.get();
        } catch (RuntimeException | StackOverflowError | LinkageError ofTheException) {
            return null;
        }
    }

    /** An exception of this JVM that says the same. */
    RemoteTaskException toException() {
        List<RemoteTaskException> exceptions = new ArrayList<>();
        for (Part part : parts) {
            exceptions.add(
                    new RemoteTaskException(part.type, part.message, part.stack.toArray(new StackTraceElement[0])));
        }
        for (int i = 0; i < parts.size(); i++) {
            RemoteTaskException exception = exceptions.get(i);
            int cause = parts.get(i).cause;
            if (cause != NONE && cause != i) {
                exception.initCause(exceptions.get(cause));
            }
            for (int suppressed : parts.get(i).suppressed) {
                exception.addSuppressed(exceptions.get(suppressed));
            }
        }
        RemoteTaskException first = exceptions.get(0);
        if (reason != null) {
            first.addSuppressed(new SerializationException(reason, null, null));
        }
        return first;
    }

    // ---- on the wire -----------------------------------------------------------------------------------------------

    void write(Sink out) {
        writeText(reason, out);
        out.writeInt(parts.size());
        for (Part part : parts) {
            writeText(part.type, out);
            writeText(part.message, out);
            out.writeInt(part.stack.size());
            for (StackTraceElement element : part.stack) {
                writeText(element.getClassLoaderName(), out);
                writeText(element.getModuleName(), out);
                writeText(element.getModuleVersion(), out);
                writeText(element.getClassName(), out);
                writeText(element.getMethodName(), out);
                writeText(element.getFileName(), out);
                out.writeInt(element.getLineNumber());
            }
            out.writeInt(part.cause);
            out.writeInt(part.suppressed.size());
            part.suppressed.forEach(out::writeInt);
        }
    }

    static FailureDescription read(Source in) throws IOException {
        String reason = readText(in);
        int size = in.readInt();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String type = readName(in);
            String message = readText(in);
            int depth = in.readInt();
            in.checkRoom(depth);
            List<StackTraceElement> stack = new ArrayList<>();
            for (int j = 0; j < depth; j++) {
                stack.add(new StackTraceElement(
                        readText(in),
                        readText(in),
                        readText(in),
                        readName(in),
                        readName(in),
                        readText(in),
                        in.readInt()));
            }
            int cause = in.readInt();
            List<Integer> suppressed = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                suppressed.add(in.readInt());
            }
            parts.add(new Part(type, message, stack, cause, suppressed));
        }
        return new FailureDescription(parts, reason);
    }

    private static void writeText(@Nullable String text, Sink out) {
        if (text == null) {
            out.writeInt(NONE);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String readText(Source in) throws IOException {
        int length = in.readInt();
        return length == NONE ? null : new String(in.readArray(length), StandardCharsets.UTF_8);
    }

    private static String readName(Source in) throws IOException {
        String name = readText(in);
        return name == null ? "" : name;
    }
}
