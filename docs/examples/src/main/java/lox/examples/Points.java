package lox.examples;

final class Points {
    private Points() {}

    /** Counts the points that never escaped. */
    static int ofTheSet(byte[] points) {
        int count = 0;
        for (byte point : points) {
            count += point == (byte) 255 ? 1 : 0;
        }
        return count;
    }
}
