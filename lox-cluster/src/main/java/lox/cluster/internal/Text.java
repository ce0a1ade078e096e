package lox.cluster.internal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Texts of any length in messages. What is read is bounded, since it may come from a stranger. */
final class Text {
    private static final int LONGEST = 8 * 1024 * 1024;
    private static final int MOST = 100_000;

    private Text() {}

    static void write(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String read(DataInput in) throws IOException {
        return new String(readBytes(in, LONGEST), StandardCharsets.UTF_8);
    }

    static byte[] readBytes(DataInput in, int most) throws IOException {
        byte[] bytes = new byte[checked(in.readInt(), most)];
        in.readFully(bytes);
        return bytes;
    }

    static void writeAll(DataOutput out, Collection<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            write(out, text);
        }
    }

    static List<String> readAll(DataInput in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = checked(in.readInt(), MOST); left > 0; left--) {
            texts.add(read(in));
        }
        return texts;
    }

    private static int checked(int length, int most) throws IOException {
        if (length < 0 || length > most) {
            throw new IOException("a message has a length of " + length);
        }
        return length;
    }
}
