package lox.timeline;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Makes the picture of a JFR recording, from the command line:
 *
 * <pre>
 * java -cp … lox.timeline.Main recording.jfr timeline.html
 * java -cp … lox.timeline.Main recording.jfr trace.json
 * </pre>
 *
 * <p>A name that ends in {@code .json} becomes a Chrome trace, any other an HTML page. Exits with 0 if the picture has
 * been written, and with 2 and a message if not.
 */
public final class Main {
    private static final int FAILED = 2;

    private Main() {}

    /**
     * Reads the recording and writes the picture.
     *
     * @param args the recording, and where the picture goes
     */
    public static void main(String[] args) {
        int status = run(System.out, System.err, args);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(PrintStream out, PrintStream err, String... args) {
        if (args.length != 2) {
            err.println("usage: lox.timeline.Main recording.jfr timeline.html|trace.json");
            return FAILED;
        }
        Path recording;
        Path picture;
        try {
            recording = Path.of(args[0]);
            picture = Path.of(args[1]);
        } catch (InvalidPathException e) {
            err.println(e.getMessage());
            return FAILED;
        }
        Timeline timeline;
        try {
            if (Files.exists(recording) && Files.exists(picture) && Files.isSameFile(recording, picture)) {
                err.println(picture + " is the recording: the picture needs another file");
                return FAILED;
            }
            timeline = Timeline.read(recording);
        } catch (IOException e) {
            err.println(e.getMessage());
            return FAILED;
        }
        try {
            if (args[1].endsWith(".json")) {
                timeline.writeTrace(picture);
            } else {
                timeline.writeHtml(picture);
            }
        } catch (IOException e) {
            err.println(picture + " cannot be written: " + e);
            return FAILED;
        }
        out.println(picture + ": " + Summary.of(timeline.run()));
        return 0;
    }
}
