package lox.sync.process;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parent says to one worker. Any thread may speak: the lane that has the worker sends its runs, whoever recalls one recalls
 * it, the reader answers. One lock for all of them, so that messages leave whole. Half a message is worse than none: then the
 * connection is lost.
 */
final class Sender {
    private final Line line;
    private final Runnable onLoss;
    private final ReentrantLock speaking = new ReentrantLock();
    private final Sink control = new Sink(); // under that lock

    Sender(Line line, Runnable onLoss) {
        this.line = line;
        this.onLoss = onLoss;
    }

    /** Sends a message, which is empty afterwards. */
    void send(Sink message) {
        send(message, () -> false);
    }

    /**
     * Sends a message, which is empty afterwards.
     *
     * @param giveUp asked while it waits for the worker to take more in; true loses the connection
     */
    void send(Sink message, BooleanSupplier giveUp) {
        speaking.lock();
        try {
            line.giveUpIf(giveUp);
            drain(message);
        } finally {
            line.neverGiveUp();
            speaking.unlock();
        }
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

    private void drain(Sink message) {
        try {
            message.drainTo(line);
        } catch (IOException broken) {
            onLoss.run();
        }
    }
}
