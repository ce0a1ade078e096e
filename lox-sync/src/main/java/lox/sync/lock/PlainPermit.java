package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/** A permit with nothing of its own: closing it counts its holder out. */
final class PlainPermit extends AbstractPermit {
    private final AcquirePath<?> path;

    PlainPermit(AcquirePath<?> path, @Nullable Throwable acquiredHere) {
        super(path.sync.tracker, path.name(), acquiredHere);
        this.path = path;
    }

    /** With the name of the path, which need not be made up while permits are not tracked. */
    PlainPermit(AcquirePath<?> path, String name, @Nullable Throwable acquiredHere) {
        super(path.sync.tracker, name, acquiredHere);
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
