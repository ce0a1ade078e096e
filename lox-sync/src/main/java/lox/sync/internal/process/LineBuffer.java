package lox.sync.internal.process;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The bytes of a line that has not ended. Not safe for use from many threads. */
final class LineBuffer extends ByteArrayOutputStream {
    private static final int KEPT = 64 * 1024;
    private static final int LONGEST_CHARACTER = 4;

    /** Takes all of it. */
    byte[] take() {
        return take(count);
    }

    /**
     * Takes all of it but the bytes of a UTF-8 character whose rest has not come. Empty if there is nothing else.
     *
     * @param kept so many of its last bytes stay, too
     */
    byte[] takeWholeCharacters(int kept) {
        int end = count - kept;
        for (int last = end - 1; last >= Math.max(0, end - LONGEST_CHARACTER); last--) {
            int unit = buf[last] & 0xff;
            if (unit < 0x80) {
                return take(end);
            }
            if (unit >= 0xc0) { // a character's first byte, which says how many there are
                int length = unit >= 0xf0 ? 4 : unit >= 0xe0 ? 3 : 2;
                return take(last + length > end ? last : end);
            }
        }
        return take(end); // no UTF-8
    }

    private byte[] take(int length) {
        byte[] taken = Arrays.copyOf(buf, length);
        count -= length;
        System.arraycopy(buf, length, buf, 0, count);
        if (buf.length > KEPT) {
            buf = Arrays.copyOf(buf, Math.max(count, 256));
        }
        return taken;
    }

    /** Whether these bytes are its last. If so they are taken away. */
    boolean dropEnd(byte[] end) {
        int begin = count - end.length;
        if (end.length == 0 || begin < 0 || !Arrays.equals(buf, begin, count, end, 0, end.length)) {
            return false;
        }
        count = begin;
        return true;
    }

    void dropCarriageReturn() {
        if (count > 0 && buf[count - 1] == '\r') {
            count--;
        }
    }
}
