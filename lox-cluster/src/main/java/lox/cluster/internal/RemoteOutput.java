package lox.cluster.internal;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.internal.time.Timer;
import lox.sync.spi.host.AbandonableChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a program sends to its worker. A write blocks in the system and cannot be interrupted there; so, while writes go
 * on, the clock asks now and then whether one that waits is to be given up, and closes the connection then.
 *
 * <p>Now and then a ping goes with what is written, in the same packet: it tells how far away the member is.
 */
final class RemoteOutput implements AbandonableChannel {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final DataConnection connection;
    private final DataOutputStream out;
    private final byte[] piece = new byte[Integer.BYTES + DataConnection.PIECE]; // the writer's: a frame
    private final ByteBuffer frame = ByteBuffer.wrap(piece);
    private volatile @Nullable BooleanSupplier giveUp;
    private volatile boolean isWriting;
    private volatile boolean isOpen = true;
    private long writes; // guarded by this, as what follows
    private long writesAtLastLook;
    private boolean isWatched;

    RemoteOutput(DataConnection connection) {
        this.connection = connection;
        this.out = connection.out();
    }

    @Override
    public void giveUpIf(BooleanSupplier condition) {
        giveUp = condition;
    }

    @Override
    public void neverGiveUp() {
        giveUp = null;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int length = source.remaining();
        beginWrite();
        try {
            if (source.hasRemaining() && connection.trip().begin(System.nanoTime())) {
                out.writeInt(DataConnection.PING);
            }
            while (source.hasRemaining()) {
                int part = Math.min(source.remaining(), DataConnection.PIECE);
                frame.clear().putInt(part);
                source.get(piece, Integer.BYTES, part);
                out.write(piece, 0, Integer.BYTES + part);
            }
            out.flush();
        } finally {
            isWriting = false;
        }
        return length;
    }

    private synchronized void beginWrite() {
        isWriting = true;
        writes++;
        if (!isWatched) {
            isWatched = true;
            Timer.later(this::look, LOOK_NANOS);
        }
    }

    /** On the clock's thread: whether the write that was under way at the last look still is, and nobody wants it. */
    private synchronized void look() {
        boolean same = writes == writesAtLastLook;
        writesAtLastLook = writes;
        isWatched = isOpen && (isWriting || !same);
        if (!isWatched) {
            return;
        }
        BooleanSupplier condition = giveUp;
        if (same && isWriting && condition != null && condition.getAsBoolean()) {
            Timer.elsewhere(this::abandon);
            isWatched = false;
        } else {
            Timer.later(this::look, LOOK_NANOS);
        }
    }

    private void abandon() {
        try {
            connection.close();
        } catch (IOException unclosable) {
            System.getLogger("lox.cluster")
                    .log(System.Logger.Level.DEBUG, "a data connection could not be closed", unclosable);
        }
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    /** Its connection is closed by the link. */
    @Override
    public void close() {
        isOpen = false;
    }
}
