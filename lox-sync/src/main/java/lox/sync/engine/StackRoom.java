package lox.sync.engine;

/** Whether there is stack enough for what must not be interrupted half-way. */
final class StackRoom {
    /** Some 20 KiB of frames, whether interpreted or compiled: to start a thread takes less. */
    private static final int FRAMES = 256;

    private StackRoom() {}

    /**
     * Does nothing, or throws before anything has been done.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    static void check() {
        if (descend(FRAMES) != 0) {
            throw new AssertionError();
        }
    }

    private static int descend(int frames) {
        return frames == 0 ? 0 : descend(frames - 1);
    }
}
