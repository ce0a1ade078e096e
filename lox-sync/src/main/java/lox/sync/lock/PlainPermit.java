package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/** A permit with nothing of its own: closing it counts its holder out. */
final class PlainPermit extends AbstractPermit {
    private final AcquirePath<?> path;

    PlainPermit(AcquirePath<?> path, @Nullable Throwable acquiredHere) {
        super(path.sync.tracker, path.name(), acquiredHere);
        this.path = path;
    }

    @Override
    void release() {
        path.leave();
    }

    @Override
    public String toString() {
        return "a permit of " + path;
    }
}
