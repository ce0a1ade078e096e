package lox.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What befalls processes. */
final class Signals {
    private Signals() {}

    static void send(String signal, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Not if it has ended and only its parent has not asked how: that may take seconds if it has lost its own. */
    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && !hasEnded(pid);
    }

    private static boolean hasEnded(long pid) {
        try {
            return state(Path.of("/proc", Long.toString(pid), "stat")) == 'Z';
        } catch (IOException goneOrOtherSystem) {
            return false;
        }
    }

    /**
     * Whether none of its threads runs any more: it has ended, or it is frozen. {@code kill} comes back before that: a
     * process is frozen as soon as one of its threads gets a processor and sees the signal, and its others go on until
     * then. Where the system does not tell, it is taken to be so.
     */
    static boolean isStill(long pid) {
        if (!isAlive(pid)) {
            return true;
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.allMatch(thread -> {
                try {
                    return "TZX".indexOf(state(thread.resolve("stat"))) >= 0;
                } catch (IOException goneMeanwhile) {
                    return true;
                }
            });
        } catch (IOException goneOrOtherSystem) {
            return true;
        }
    }

    private static char state(Path stat) throws IOException {
        String line = Files.readString(stat);
        return line.charAt(line.lastIndexOf(')') + 2);
    }
}
