package lox.sync;

/** A subscription came after the announcement had been sealed. */
public final class AnnouncementSealedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    AnnouncementSealedException(String name) {
        super(name + " is sealed: nobody can subscribe any more");
    }
}
