package lox.sync;

/** What has become of an item that was offered to an Announcement with {@code tryPut}. */
public enum PutResult {
    /** The item has been put, as {@code put} does it. */
    OK,

    /**
     * A subscriber with a {@linkplain Buffer#blocking blocking} buffer has no room, so that {@code put} would have to
     * wait. No subscriber has received the item, and it is not in the backlog. It may be offered again.
     */
    FULL,

    /** The Announcement has completed or failed. Nothing can be put any more. */
    ENDED
}
