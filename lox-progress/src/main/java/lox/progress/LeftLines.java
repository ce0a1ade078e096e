package lox.progress;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Lines that their threads have left to another thread, which prints them. In order; for any thread. */
final class LeftLines {
    /** From so many bytes on it is full, and takes more nevertheless. */
    static final int FULL = 65_536;

    /** What one thread has left at once. */
    static final class Lines {
        private final PrintStream target;
        private final byte[] bytes;

        private Lines(PrintStream target, byte[] bytes) {
            this.target = target;
            this.bytes = bytes;
        }

        /** Where to print it. */
        PrintStream target() {
            return target;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private List<Lines> all = new ArrayList<>(); // this and the size: guarded by this
    private int size;

    synchronized void add(PrintStream target, byte[] lines) {
        all.add(new Lines(target, lines));
        size += lines.length;
    }

    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    synchronized boolean isFull() {
        return size >= FULL;
    }

    /** Takes everything. */
    synchronized List<Lines> take() {
        List<Lines> taken = all;
        all = new ArrayList<>();
        size = 0;
        return taken;
    }

    /** Takes what is to be printed to one target. */
    synchronized byte[] take(PrintStream target) {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        Iterator<Lines> each = all.iterator();
        while (each.hasNext()) {
            Lines lines = each.next();
            if (lines.target() == target) {
                taken.write(lines.bytes(), 0, lines.bytes().length);
                each.remove();
            }
        }
        size -= taken.size();
        return taken.toByteArray();
    }
}
