package lox.sync.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import lox.sync.spi.host.AbandonableChannel;
import org.jspecify.annotations.Nullable;

/**
 * Sends the parent's messages to one worker. Any thread may send: the lane that has the worker sends runs, other
 * threads recall them, the receiver answers questions. One lock keeps messages whole. After half a message the
 * connection is lost.
 */
final class WorkerSender {
    private static final long LOOK_NANOS = 1_000_000;

    private final AbandonableChannel channel;
    private final Runnable onLoss;
    private final Runnable onGiveUp;
    private final ReentrantLock speaking = new ReentrantLock();
    private final AtomicLong sent = new AtomicLong(); // written under that lock
    private final WritableByteChannel counted;
    private final WireWriter control = new WireWriter(); // under that lock

    /**
     * Creates the one of a worker. After half a message the worker is of no use any more.
     *
     * @param onLoss run when the connection has broken, or this process has no memory for the rest
     * @param onGiveUp run when the sender gave up: the worker has not failed
     */
    WorkerSender(AbandonableChannel channel, Runnable onLoss, Runnable onGiveUp) {
        this.channel = channel;
        this.counted = new CountedChannel();
        this.onLoss = onLoss;
        this.onGiveUp = onGiveUp;
    }

    /** Sends a message, which is empty afterwards. */
    void send(WireWriter message) {
        send(message, () -> false);
    }

    /**
     * Sends a message, which is empty afterwards.
     *
     * @param giveUp asked while it waits for the worker to take more in; true ends the worker. Stays true then
     */
    void send(WireWriter message, BooleanSupplier giveUp) {
        speaking.lock();
        try {
            channel.giveUpIf(giveUp);
            drain(message, giveUp);
        } finally {
            channel.neverGiveUp();
            speaking.unlock();
        }
    }

    /** How many bytes the connection has taken. */
    long sent() {
        return sent.get();
    }

    void recall(long run) {
        speaking.lock();
        try {
            control.write(Protocol.RECALL);
            control.writeLong(run);
            drain(control);
        } finally {
            speaking.unlock();
        }
    }

    void answer(int question, byte @Nullable [] content) {
        speaking.lock();
        try {
            control.write(Protocol.ANSWER);
            control.writeInt(question);
            control.writeInt(content == null ? -1 : content.length);
            if (content != null) {
                control.attach(content);
            }
            drain(control);
        } finally {
            speaking.unlock();
        }
    }

    void bye() {
        speaking.lock();
        try {
            control.write(Protocol.BYE);
            drain(control);
        } finally {
            speaking.unlock();
        }
    }

    /**
     * The same, without waiting for long.
     *
     * @param giveUp asked while it waits for others that speak, or for the worker to take more in
     * @return false if it was given up
     */
    boolean bye(BooleanSupplier giveUp) {
        while (!speaking.tryLock()) {
            if (giveUp.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        try {
            channel.giveUpIf(giveUp);
            control.write(Protocol.BYE);
            drain(control);
            return true;
        } finally {
            channel.neverGiveUp();
            speaking.unlock();
        }
    }

    private void drain(WireWriter message) {
        drain(message, () -> false);
    }

    private void drain(WireWriter message, BooleanSupplier giveUp) {
        try {
            message.drainTo(counted);
        } catch (IOException broken) {
            (giveUp.getAsBoolean() ? onGiveUp : onLoss).run();
        } catch (Throwable halfWay) { // no memory, say: half a message may have left
            onLoss.run();
            throw halfWay;
        }
    }

    /** Counts what passes, piece by piece: whoever waits for the worker to take more in can see that it does. */
    private final class CountedChannel implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            int count = channel.write(source);
            sent.lazySet(sent.get() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
