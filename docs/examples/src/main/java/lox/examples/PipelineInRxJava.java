package lox.examples;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;

/** The pipeline of {@link PipelineInReactor} in RxJava. */
public final class PipelineInRxJava {
    private PipelineInRxJava() {}

    /** The pipeline without its ends, which is what a test wants. */
    static Flowable<String> summaries(
            Flowable<String> lines, Scatter<URI, String> fetch, Scatter<String, PageSummary> parse) {
        return lines.filter(line -> !line.isBlank())
                .map(URI::create)
                .compose(fetch::map)
                .compose(parse::map)
                .map(PageSummary::line);
    }

    static Flowable<String> read(Path file) {
        return Flowable.using(
                () -> Files.newBufferedReader(file),
                reader -> Flowable.generate(emitter -> {
                    String line = reader.readLine();
                    if (line == null) {
                        emitter.onComplete();
                    } else {
                        emitter.onNext(line);
                    }
                }),
                reader -> reader.close());
    }

    /** Completes when all is written. */
    static Completable write(Flowable<String> lines, Path file) {
        return Flowable.using(
                        () -> Files.newBufferedWriter(file),
                        writer -> lines.doOnNext(line -> append(writer, line)),
                        BufferedWriter::close)
                .ignoreElements();
    }

    private static void append(BufferedWriter writer, String line) throws IOException {
        writer.write(line);
        writer.newLine();
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("pipeline");
        try (PageServer server = PageServer.start(6)) {
            Path addresses = Files.write(
                    folder.resolve("addresses"),
                    server.pages().stream().map(URI::toString).toList());
            Fetcher fetcher = new Fetcher();
            Scatter<URI, String> fetch = Lox.thread(4, page -> new String(fetcher.fetch(page), StandardCharsets.UTF_8));
            Scatter<String, PageSummary> parse = Lox.process(2, PageSummary::of);

            write(summaries(read(addresses), fetch, parse), folder.resolve("summaries"))
                    .blockingAwait();
            Files.readAllLines(folder.resolve("summaries")).forEach(System.out::println);
        } finally {
            Files.deleteIfExists(folder.resolve("addresses"));
            Files.deleteIfExists(folder.resolve("summaries"));
            Files.delete(folder);
        }
    }
}
