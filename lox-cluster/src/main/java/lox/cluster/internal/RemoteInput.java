package lox.cluster.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * What a worker sends to its program, taken out of the member's frames. Ends with the worker, or with the connection.
 * The lines before a part have been delivered when that part is read. One thread may read.
 */
final class RemoteInput implements ReadableByteChannel {
    /** What else the member tells of the worker. */
    interface Listener {
        /** Takes how many tasks the worker has started. */
        void started(long tasks);

        /** The worker has ended. */
        void ended(WorkerEnding ending);

        /** Nothing more will come, and nothing is known of the worker's end. */
        void lose(String reason);
    }

    private final DataInputStream in;
    private final TripTime trip;
    private final LineDelivery lines;
    private final Listener listener;
    private final byte[] piece = new byte[DataConnection.PIECE];
    private int left; // of the frame
    private boolean isAtEnd;

    RemoteInput(DataConnection connection, LineDelivery lines, Listener listener) {
        this.in = connection.in();
        this.trip = connection.trip();
        this.lines = lines;
        this.listener = listener;
    }

    @Override
    public int read(ByteBuffer target) {
        try {
            while (left == 0 && !isAtEnd) {
                readFrame();
            }
            return isAtEnd ? -1 : readPart(target);
        } catch (SocketTimeoutException silent) {
            isAtEnd = true;
            listener.lose("nothing has come from the member for " + DataConnection.SILENCE_MILLIS / 1_000 + " s");
            return -1;
        } catch (IOException broken) {
            isAtEnd = true;
            listener.lose("the connection to the member has broken (" + broken + ")");
            return -1;
        }
    }

    private void readFrame() throws IOException {
        int length = in.readInt();
        switch (length) {
            case DataConnection.LINE -> {
                boolean isError = in.readBoolean();
                boolean isEnded = in.readBoolean();
                lines.accept(isError, Text.readBytes(in, DataConnection.LONGEST_LINE), isEnded);
            }
            case DataConnection.STARTED -> listener.started(in.readLong());
            case DataConnection.PONG -> trip.end(System.nanoTime());
            case DataConnection.ALIVE -> {}
            case DataConnection.END -> {
                WorkerEnding ending = WorkerEnding.readFrom(in);
                lines.awaitAll();
                isAtEnd = true;
                listener.ended(ending);
            }
            default -> {
                if (length <= 0) {
                    throw new IOException("a frame has a length of " + length);
                }
                lines.awaitAll();
                left = length;
            }
        }
    }

    private int readPart(ByteBuffer target) throws IOException {
        int count = in.read(piece, 0, Math.min(Math.min(left, target.remaining()), piece.length));
        if (count < 0) {
            throw new IOException("it has ended half-way");
        }
        target.put(piece, 0, count);
        left -= count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return !isAtEnd;
    }

    /** Its connection is closed by the link. */
    @Override
    public void close() {}
}
