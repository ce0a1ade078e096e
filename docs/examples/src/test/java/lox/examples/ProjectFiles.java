package lox.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the project's documentation, from whichever of its folders the tests are started in. */
final class ProjectFiles {
    private ProjectFiles() {}

    static Path root() {
        Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("lox-sync"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests do not run inside the project");
            }
        }
        return folder;
    }

    /** The pages of the root that have samples, and everything in docs that is Markdown. */
    static List<Path> documentation() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(root().resolve("README.md"));
        files.add(root().resolve("CONTRIBUTING.md"));
        files.add(root().resolve("SECURITY.md"));
        try (Stream<Path> docs = Files.list(root().resolve("docs"));
                Stream<Path> decisions = Files.list(root().resolve("docs/decisions"))) {
            Stream.concat(docs, decisions)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }
}
