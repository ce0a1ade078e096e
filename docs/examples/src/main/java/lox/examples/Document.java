package lox.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** One file of this project's documentation and sources. The build packs them beside the classes. */
final class Document {
    private static final String FOLDER = "pages";

    private final String name;
    private final byte[] content;

    private Document(String name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    /** The path in the project, more or less. */
    String name() {
        return name;
    }

    /** Not a copy: nobody here changes it. */
    byte[] content() {
        return content;
    }

    /** The first so many documents: the documentation before the sources, else in the order of their names. */
    static List<Document> first(int count) {
        List<Document> documents;
        try {
            URI folder = Objects.requireNonNull(Document.class.getResource(FOLDER), FOLDER)
                    .toURI();
            if (folder.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(folder, Map.<String, Object>of())) {
                    documents = read(jar.provider().getPath(folder), count);
                }
            } else {
                documents = read(Path.of(folder), count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        if (documents.size() < count) {
            throw new IllegalStateException("only " + documents.size() + " documents were packed, not " + count);
        }
        return documents;
    }

    private static List<Document> read(Path folder, int count) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.walk(folder)) {
            names = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .limit(count)
                    .toList();
        }
        List<Document> documents = new ArrayList<>();
        for (String name : names) {
            documents.add(new Document(name, Files.readAllBytes(folder.resolve(name))));
        }
        return documents;
    }
}
