package lox.cluster.internal;

import java.io.DataInputStream;
import java.io.IOException;

/** What a program sends to its worker, taken out of its frames. One thread may read. */
final class ProgramInput {
    private final DataInputStream in;
    private final Runnable onPing;
    private int left; // of the frame

    /**
     * Makes one.
     *
     * @param onPing run by the reading thread, which it must not keep waiting
     */
    ProgramInput(DataConnection connection, Runnable onPing) {
        this.in = connection.in();
        this.onPing = onPing;
    }

    /** Reads one byte or more. Returns how many; -1 if the program has closed the connection. */
    int read(byte[] target) throws IOException {
        while (left == 0) {
            int first = in.read();
            if (first < 0) {
                return -1;
            }
            int length = (first << 24) | (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            if (length == DataConnection.PING) {
                onPing.run();
            } else if (length > 0) {
                left = length;
            } else {
                throw new IOException("a frame has a length of " + length);
            }
        }
        int count = in.read(target, 0, Math.min(left, target.length));
        if (count < 0) {
            throw new IOException("it has ended half-way");
        }
        left -= count;
        return count;
    }
}
