package lox.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import lox.sync.lock.Permit;

/** What the samples of the Javadoc take for granted, beside some pages: a few pictures, and what can be done with them. */
public abstract class JavadocGround extends SampleGround {
    /** A picture. */
    protected final Path cat = picture("cat");
    /** A picture. */
    protected final Path dog = picture("dog");

    protected final Photo photo = new Photo(7, cat);
    protected final Tags labels = new Tags(7, List.of("cat"));
    protected final Log log = new Log();
    protected final Archive archive = new Archive();
    protected final Client client = new Client();
    protected final Ledger ledger = new Ledger();
    protected final String entry = "entry";
    protected final Catalogue catalogue = new Catalogue();
    protected final String name = "name";
    protected final Account account = new Account();
    protected final String scene = "scene";
    private final List<Object> shown = new ArrayList<>();

    private static Path picture(String name) {
        try {
            Path file = Files.createTempFile("lox-javadoc-" + name, ".png");
            file.toFile().deleteOnExit();
            return Files.writeString(file, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final void run() throws Exception {
        statements();
    }

    /** The sample's statements. */
    protected abstract Object statements() throws Exception;

    protected final void show(Object one, Object other) {
        shown.add(Objects.requireNonNull(one));
        shown.add(Objects.requireNonNull(other));
    }

    protected static Image render(String scene, int card) {
        return new Image(scene + " on " + card);
    }

    protected static void visit(Permit guest) {
        Objects.requireNonNull(guest);
    }

    /** What a picture is of. */
    public record Photo(long id, Path file) {}

    /** What is written on a picture. */
    public record Tags(long photoId, List<String> tags) {}

    /** A page of pictures. */
    public record Page(Photo photo, Tags tags) {}

    /** A picture in memory. */
    public record Image(String of) {}

    /** A secret with its owner. */
    public record Login(String user, String password) {}

    /** What something costs. */
    public record Price(String of, double price) {}

    /** A page that has been read. */
    public record Document(String text) {}

    /** Pages. */
    public static final class Pages {
        private Pages() {}

        /** The text of a page. */
        public static String fetch(URI page) throws IOException, InterruptedException {
            return SampleGround.Pages.fetch(page);
        }

        /** How long a page is. */
        public static int probe(URI page) throws IOException, InterruptedException {
            return fetch(page).length();
        }

        /** What a page leads to: itself, and the page above. */
        public static List<URI> links(URI page) {
            return List.of(page, page.resolve("."));
        }

        /** Reads a page. */
        public static Document parse(String page) {
            return new Document(page);
        }
    }

    /** Small pictures of pictures. */
    public static final class Images {
        private Images() {}

        /** Makes one. */
        public static Path scale(Path image, int width) {
            return image.resolveSibling(image.getFileName() + "." + width);
        }
    }

    /** Small pictures of pictures, in memory. */
    public static final class Thumbnails {
        private Thumbnails() {}

        /** Makes one. */
        public static byte[] render(Object photo) {
            return photo.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Where pictures are shown. */
    public static final class Gallery {
        private Gallery() {}

        /** Puts one there. */
        public static Path upload(Path image) {
            return image;
        }
    }

    /** A log. */
    public static final class Log {
        private final List<String> lines = new ArrayList<>();

        /** Writes a line. */
        public void warn(String pattern, Object one, Object other) {
            lines.add(pattern + one + other);
        }
    }

    /** Where photos are kept. */
    public static final class Archive {
        private final List<Page> pages = new ArrayList<>();

        /** Keeps one. */
        public void store(long id, Photo photo, Tags tags) {
            pages.add(new Page(Objects.requireNonNull(photo), Objects.requireNonNull(tags)));
        }
    }

    /** Sends. */
    public static final class Client {
        /** The reply. */
        public CompletableFuture<String> send() {
            return CompletableFuture.completedFuture("reply");
        }
    }

    /** Is written under a lock. */
    public static final class Ledger {
        private final List<String> entries = new ArrayList<>();

        /** Writes. */
        public void append(Permit permit, String entry) {
            Objects.requireNonNull(permit);
            entries.add(entry);
        }
    }

    /** Is read under a lock. */
    public static final class Catalogue {
        /** Reads. */
        public Object find(Permit permit, String name) {
            return Objects.requireNonNull(permit) + name;
        }
    }

    /** Is changed under a lock. */
    public static final class Account {
        private long balance = 1_000;

        /** Takes something out. */
        public long withdraw(Permit permit, long amount) {
            Objects.requireNonNull(permit);
            balance -= amount;
            return balance;
        }
    }

    /** A mapper to and from JSON, as far as samples call it. */
    public static final class Mapper {
        private Mapper() {}

        /** Any. */
        public static Mapper get() {
            return new Mapper();
        }

        /** One that knows the classes of a loader. */
        public static Mapper get(ClassLoader loader) {
            return new Mapper();
        }

        /** Writes. */
        public void writeValue(OutputStream out, Envelope envelope) throws IOException {
            out.write(envelope.toString().getBytes(StandardCharsets.UTF_8));
        }

        /** Reads. */
        public Envelope readValue(InputStream in, Class<Envelope> type) throws IOException {
            return type.cast(new Envelope(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    /** A value with its class. */
    public record Envelope(Object content) {
        /** Makes one. */
        public static Envelope of(Object value) {
            return new Envelope(value);
        }
    }
}
