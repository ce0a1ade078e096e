package lox.examples;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import lox.sync.Progress;

/** One way to fetch all pages. */
record Mode(String name, Way way) {
    @FunctionalInterface
    interface Way {
        List<byte[]> fetch(List<URI> pages, Progress progress) throws Exception;
    }

    /** What the others are measured against. */
    static Mode oneAfterTheOther(Fetcher fetcher) {
        return new Mode("one after the other", (pages, progress) -> {
            List<byte[]> fetched = new ArrayList<>();
            for (URI page : pages) {
                progress.update(fetched.size(), 0, pages.size());
                fetched.add(fetcher.fetch(page));
            }
            progress.update(fetched.size(), 0, pages.size());
            return fetched;
        });
    }

    /** Plain Java. */
    static Mode sync(String name, lox.sync.Scatter<URI, byte[]> fetch) {
        return new Mode(name, (pages, progress) -> {
            pages.forEach(fetch::scatter);
            return fetch.gather(progress);
        });
    }

    /** A Reactor pipeline. */
    static Mode reactor(String name, lox.reactor.Scatter<URI, byte[]> fetch) {
        return new Mode(name, (pages, progress) -> {
            pages.forEach(fetch::scatter);
            return Objects.requireNonNull(fetch.gather(progress).block(), "a list, if an empty one");
        });
    }

    /** An RxJava pipeline. */
    static Mode rxjava(String name, lox.rxjava.Scatter<URI, byte[]> fetch) {
        return new Mode(name, (pages, progress) -> {
            pages.forEach(fetch::scatter);
            return fetch.gather(progress).blockingGet();
        });
    }
}
