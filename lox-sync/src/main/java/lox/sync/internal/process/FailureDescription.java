package lox.sync.internal.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import lox.sync.internal.result.FailureText;
import lox.sync.process.RemoteTaskException;
import lox.sync.process.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * All that can be told of an exception without its class: names, messages, stack traces, and which exception hangs on
 * which. Causes may form circles. What an exception's own methods throw while they are asked is taken for no answer.
 */
final class FailureDescription {
    /**
     * How much is told. Exceptions may hang on each other without end.
     *
     * @param parts so many exceptions
     * @param text so many characters of a message
     * @param frames so many elements of a stack trace
     */
    record Extent(int parts, int text, int frames) {
        static final Extent WHOLE = new Extent(100, Integer.MAX_VALUE, Integer.MAX_VALUE);
        static final Extent SHORT = new Extent(10, 1_000, 30);
        static final Extent LEAST = new Extent(1, 0, 0);
    }

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
    static FailureDescription of(Throwable failure, @Nullable SerializationException refusal, Extent extent) {
        List<Throwable> all = partsOf(failure, extent.parts);
        IdentityHashMap<Throwable, Integer> places = new IdentityHashMap<>();
        for (Throwable part : all) {
            places.put(part, places.size());
        }
        List<Part> parts = new ArrayList<>();
        for (Throwable part : all) {
            Throwable cause = ask(part::getCause);
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
                    extent.text == 0 ? null : messageOf(part, extent.text),
                    stackOf(part, extent.frames),
                    cause == null ? NONE : places.getOrDefault(cause, NONE),
                    suppressed));
        }
        return new FailureDescription(parts, refusal == null ? null : refusal.getMessage());
    }

    private static @Nullable String messageOf(Throwable part, int longest) {
        String message =
                part instanceof RemoteTaskException standIn ? standIn.originalMessage() : ask(part::getMessage);
        return message == null ? null : FailureText.shortened(message, longest);
    }

    private static List<StackTraceElement> stackOf(Throwable part, int most) {
        StackTraceElement[] stack = ask(part::getStackTrace);
        return stack == null
                ? List.of()
                : Arrays.stream(stack).filter(Objects::nonNull).limit(most).toList();
    }

    /** The exception and all that hang on it, each once, as far as there are no more than so many. */
    static List<Throwable> partsOf(Throwable failure, int most) {
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
                if (all.size() < most && known.add(one)) {
                    all.add(one);
                }
            }
        }
        return all;
    }

    private static <T> @Nullable T ask(Supplier<? extends @Nullable T> question) {
        try {
            return question.get();
        } catch (Throwable ofTheException) { // the user's code: it costs that answer, and nothing else
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

    void write(WireWriter out) {
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

    static FailureDescription read(WireReader in) throws IOException {
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

    private static void writeText(@Nullable String text, WireWriter out) {
        if (text == null) {
            out.writeInt(NONE);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String readText(WireReader in) throws IOException {
        int length = in.readInt();
        return length == NONE ? null : new String(in.readArray(length), StandardCharsets.UTF_8);
    }

    private static String readName(WireReader in) throws IOException {
        String name = readText(in);
        return name == null ? "" : name;
    }
}
