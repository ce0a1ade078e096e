package lox.sync.lock;

import org.jspecify.annotations.Nullable;

/**
 * The requests that wait at a {@link FairSync}: a doubly linked list, so that a withdrawal in the middle costs the same
 * as at the ends. Only the drainer changes it; any thread may walk along it, see {@link QueueInspector}.
 */
final class RequestQueue {
    private volatile @Nullable QueuedRequest head;

    private @Nullable QueuedRequest tail;

    private int length;

    /** The length that other threads see. */
    private volatile int publishedLength;

    /** For any thread: the first request, as it was a moment ago. */
    @Nullable
    QueuedRequest first() {
        return head;
    }

    /** For any thread: how many requests were queued when {@link #publishLength} was called last. */
    int length() {
        return publishedLength;
    }

    void publishLength() {
        publishedLength = length;
    }

    void link(QueuedRequest request) {
        QueuedRequest last = tail;
        request.previous = last;
        if (last == null) {
            head = request;
        } else {
            last.next = request;
        }
        tail = request;
        request.linked = true;
        length++;
    }

    void unlink(QueuedRequest request) {
        QueuedRequest before = request.previous;
        QueuedRequest after = request.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        request.previous = null;
        request.linked = false;
        request.unlinked = true; // before the link is cleared: see QueueInspector
        request.next = null;
        length--;
    }
}
