package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lox.test.Patience;

/** The headless browser that pages are opened in, where there is one. */
final class Chromium {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Path program;
    private final Path folder;

    private Chromium(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** Aborts the test where no browser is installed, and in the second run: a page does not depend on the JDK. */
    static Chromium orAbort(Path folder) {
        if (Boolean.getBoolean("test.again")) {
            return abort("the browser has shown these pages in the first run of the tests");
        }
        Path program = find().orElse(null);
        return program == null
                ? abort("no Chromium is installed (looked for " + String.join(", ", NAMES)
                        + " in PATH): what the page draws is not tested")
                : new Chromium(program, folder);
    }

    private static Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name -> Arrays.stream(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens the page without a network and returns its document's source, after its scripts have run. */
    String open(Path page) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // which root cannot have; the pages are ours
                "--disable-gpu",
                "--window-size=1400,900",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom"));
        command.add(page.toUri().toString());
        Path document = folder.resolve("document.html");
        Path messages = folder.resolve("chromium.log");
        Process chromium = new ProcessBuilder(command)
                .redirectOutput(document.toFile())
                .redirectError(messages.toFile())
                .start();
        try {
            assertThat(chromium.waitFor(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("Chromium has ended; it says: %s", Files.readString(messages))
                    .isTrue();
        } finally {
            Stream.concat(chromium.descendants(), Stream.of(chromium.toHandle()))
                    .forEach(ProcessHandle::destroyForcibly);
        }
        assertThat(chromium.exitValue())
                .as("Chromium's exit code; it says: %s", Files.readString(messages))
                .isZero();
        return Files.readString(document);
    }

    /** What the page says of itself in an attribute of its body. */
    static Optional<String> fact(String document, String name) {
        Matcher body =
                Pattern.compile("<body[^>]*?\\sdata-" + name + "=\"([^\"]*)\"").matcher(document);
        return body.find() ? Optional.of(body.group(1)) : Optional.empty();
    }
}
