package lox.examples;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Reads a file of addresses line by line, fetches the pages side by side on threads, parses them in JVMs of their own, writes a line
 * for each, in order. However long the file: no more lines are read than there is room for further down.
 */
public final class PipelineInReactor {
    private PipelineInReactor() {}

    /** The pipeline without its ends, which is what a test wants. */
    static Flux<String> summaries(Flux<String> lines, Scatter<URI, String> fetch, Scatter<String, PageSummary> parse) {
        return lines.filter(line -> !line.isBlank())
                .map(URI::create)
                .transform(fetch::map)
                .transform(parse::map)
                .map(PageSummary::line);
    }

    static Flux<String> read(Path file) {
        return Flux.using(() -> Files.newBufferedReader(file), reader -> Flux.generate(sink -> readLine(reader, sink)));
    }

    private static void readLine(BufferedReader reader, SynchronousSink<String> sink) {
        try {
            String line = reader.readLine();
            if (line == null) {
                sink.complete();
            } else {
                sink.next(line);
            }
        } catch (IOException e) {
            sink.error(e);
        }
    }

    /** Completes with the file when all is written. */
    static Mono<Path> write(Flux<String> lines, Path file) {
        return Flux.using(() -> Files.newBufferedWriter(file), writer -> lines.doOnNext(line -> append(writer, line)))
                .then(Mono.just(file));
    }

    private static void append(BufferedWriter writer, String line) {
        try {
            writer.write(line);
            writer.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

            Path written = write(summaries(read(addresses), fetch, parse), folder.resolve("summaries"))
                    .block();
            if (written != null) {
                Files.readAllLines(written).forEach(System.out::println);
            }
        } finally {
            Files.deleteIfExists(folder.resolve("addresses"));
            Files.deleteIfExists(folder.resolve("summaries"));
            Files.delete(folder);
        }
    }
}
