package lox.sync.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes full slots out of a lane's window, to be sent away, and puts back what comes back. By the lane's own thread alone.
 *
 * <p>A slot that is put back lies in this lane's window again, where other lanes find it, as they find what a stuck thread has
 * not started. An item of a later stage of a chain goes back to the end of that stage's queue. Tasks that travel together
 * belong to one batch.
 */
final class Parcels {
    private final Dispatcher<?, ?> dispatcher;
    private final Window window;

    Parcels(Dispatcher<?, ?> dispatcher, Window window) {
        this.dispatcher = dispatcher;
        this.window = window;
    }

    /** Takes the next full slot of the window, if it is of that batch; drops those whose batch has ended. Null at the end. */
    @Nullable
    Parcel next(@Nullable Batch home) {
        Batch batch = window.batch();
        for (int index = window.next(); index >= 0 && batch != null; index = window.next()) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (chunk.state(index) != Slots.FULL) {
                continue;
            }
            if (home != null && chunk.value(index) instanceof Span span && span.home() != home) {
                window.reopen(index);
                return null;
            }
            if (chunk.move(index, Slots.FULL, Slots.CLAIMED)) {
                Parcel parcel = taken(batch, index, chunk);
                if (parcel != null && !parcel.home().isEnded()) {
                    return parcel;
                }
                if (parcel != null) {
                    parcel.drop();
                }
            }
        }
        return null;
    }

    /** What lies in a slot that has just been taken; null for nothing. */
    private @Nullable Parcel taken(Batch batch, int index, Slots.Chunk chunk) {
        Object content = chunk.value(index);
        if (content instanceof Span span) {
            chunk.finish(index, null, Slots.DONE); // the queue does not keep what has left it
            batch.finished(1);
            return waiting(span, Objects.requireNonNull(dispatcher.stage()));
        }
        dispatcher.intake().leave();
        return new Parcel(batch, chunk, index, content);
    }

    /** The item of a span, which has no more than one on the way to a worker elsewhere; null if it has been dropped. */
    private @Nullable Parcel waiting(Span span, Stage stage) {
        Batch home = span.home();
        if (home == null) {
            return null;
        }
        int index = span.from();
        Slots.Chunk chunk = home.slots().filledChunk(index);
        if (!chunk.move(index, stage.waiting(), Slots.CLAIMED)) {
            return null;
        }
        dispatcher.intake().leave();
        return new Parcel(home, chunk, index, chunk.value(index));
    }

    /** The task has not been started and never will be where it was sent: it is to be taken again, here or by another lane. */
    void putBack(Parcel parcel) {
        Stage stage = dispatcher.stage();
        if (stage != null) {
            stage.putBack(parcel);
            return;
        }
        window.reopen(parcel.index());
        dispatcher.intake().reenter();
        parcel.chunk().fill(parcel.index(), parcel.content());
        if (parcel.home().isEnded()) {
            Leftovers.dropIfFull(parcel.home(), parcel.index());
        } else {
            dispatcher.lanes().launchForReturned();
        }
    }
}
