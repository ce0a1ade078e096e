package lox.cluster.internal;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes a member's frames. Threads exclude each other: the one that has the worker's bytes, and those with its
 * lines.
 */
final class FrameWriter {
    private final DataOutputStream out; // guarded by this
    private final byte[] piece = new byte[DataConnection.PIECE];

    FrameWriter(DataConnection connection) {
        this.out = connection.out();
    }

    /** Writes bytes of the worker, no more than a piece. */
    synchronized void bytes(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        out.writeInt(length);
        bytes.get(piece, 0, length);
        out.write(piece, 0, length);
        out.flush();
    }

    synchronized void line(boolean isError, byte[] line, boolean isEnded) throws IOException {
        byte[] text =
                line.length <= DataConnection.LONGEST_LINE ? line : Arrays.copyOf(line, DataConnection.LONGEST_LINE);
        out.writeInt(DataConnection.LINE);
        out.writeBoolean(isError);
        out.writeBoolean(isEnded);
        out.writeInt(text.length);
        out.write(text);
        out.flush();
    }

    synchronized void started(long tasks) throws IOException {
        out.writeInt(DataConnection.STARTED);
        out.writeLong(tasks);
        out.flush();
    }

    synchronized void pong() throws IOException {
        out.writeInt(DataConnection.PONG);
        out.flush();
    }

    synchronized void alive() throws IOException {
        out.writeInt(DataConnection.ALIVE);
        out.flush();
    }

    synchronized void end(WorkerEnding ending) throws IOException {
        out.writeInt(DataConnection.END);
        ending.writeTo(out);
        out.flush();
    }
}
