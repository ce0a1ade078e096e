package lox.sync.internal.pool;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import lox.sync.spi.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * A description of an object, of bounded length. The JDK's arrays, collections and maps are read only as far as there
 * is room; other objects are described by their own {@code toString}, which may do anything.
 */
final class BoundedText {
    private static final int LARGEST_NUMBER_BITS = 4_096;
    private static final int DEEPEST = 5;

    private final int longest;
    private final StringBuilder text = new StringBuilder();

    BoundedText(int longest) {
        this.longest = longest;
    }

    BoundedText append(@Nullable Object value) {
        append(value, 0);
        return this;
    }

    private void append(@Nullable Object value, int depth) {
        if (value == null) {
            text.append("null");
        } else if (value instanceof Arguments<?, ?> both) {
            text.append('(');
            append(both.first(), depth + 1);
            text.append(", ");
            append(both.second(), depth + 1);
            text.append(')');
        } else if (value.getClass().isArray()) {
            int length = Array.getLength(value);
            Iterator<?> elements = IntStream.range(0, length)
                    .mapToObj(i -> Array.get(value, i))
                    .iterator();
            appendAll(elements, length, "[", "]", depth);
        } else if (value.getClass().getClassLoader() == null) {
            appendOfTheJdk(value, depth);
        } else {
            appendCut(value.toString());
        }
    }

    private void appendOfTheJdk(Object value, int depth) {
        if (value instanceof CharSequence characters) {
            appendCut(characters);
        } else if (value instanceof Collection<?> elements) {
            appendAll(elements.iterator(), elements.size(), "[", "]", depth);
        } else if (value instanceof Map<?, ?> map) {
            appendAll(map.entrySet().iterator(), map.size(), "{", "}", depth);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            append(entry.getKey(), depth + 1);
            text.append('=');
            append(entry.getValue(), depth + 1);
        } else if (value instanceof Optional<?> optional && optional.isPresent()) {
            text.append("Optional[");
            append(optional.get(), depth + 1);
            text.append(']');
        } else if (value instanceof BigInteger number && number.bitLength() > LARGEST_NUMBER_BITS) {
            text.append("a number of ").append(number.bitLength()).append(" bits");
        } else {
            appendCut(value.toString());
        }
    }

    private void appendAll(Iterator<?> elements, int size, String open, String close, int depth) {
        text.append(open);
        boolean cut = depth >= DEEPEST && elements.hasNext();
        for (boolean first = true; !cut && elements.hasNext(); first = false) {
            text.append(first ? "" : ", ");
            cut = text.length() >= longest;
            if (!cut) {
                append(elements.next(), depth + 1);
            }
        }
        text.append(cut ? "... (" + size + " in all)" : "").append(close);
    }

    private void appendCut(@Nullable CharSequence characters) {
        if (characters == null) { // a toString() that returns null
            text.append("null");
            return;
        }
        int room = Math.max(1, longest - text.length());
        int length = characters.length();
        if (length <= room) {
            text.append(characters);
            return;
        }
        text.append(characters, 0, Character.isHighSurrogate(characters.charAt(room - 1)) ? room - 1 : room);
        text.append("... (").append(length).append(" characters)");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
