package consumer;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reactivex.rxjava3.core.Flowable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lox.cluster.Cluster;
import lox.cluster.LocalMembers;
import lox.micrometer.LoxMetrics;
import lox.progress.ProgressBar;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.timeline.Timeline;
import reactor.core.publisher.Flux;

/** A user's program on the published artifacts: each of them once, and a child JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
        Scatter<String, Integer> length = Lox.thread(2, String::length);
        length.scatter("one");
        length.scatter("three");
        print("sync", length.gather());

        Scatter<String, Integer> elsewhere = Lox.process(1, String::length);
        print("process", elsewhere.gather(List.of("one", "three")));

        print("reactor", Flux.just("one", "three")
                .transform(lox.reactor.Lox.thread(2, String::length)::map)
                .collectList()
                .block());

        print("rxjava", Flowable.just("one", "three")
                .compose(lox.rxjava.Lox.thread(2, String::length)::map)
                .toList()
                .blockingGet());

        length.scatter("one");
        length.scatter("three");
        print("progress", length.gather(ProgressBar.of("lengths")));

        LoxMetrics metrics = LoxMetrics.create();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        metrics.bindTo(registry);
        Timeline timeline = Timeline.create();
        try (Workers workers = metrics.monitor(Workers.threads(2).named("seen"), timeline)) {
            Lox.on(workers, String::length).gather(List.of("one", "three"));
        }
        long timed = registry.get("lox.task.duration").timers().stream().mapToLong(Timer::count).sum();
        System.out.println("metrics " + timed + " tasks");
        Path trace = Files.createTempFile("consumer", ".json");
        timeline.writeTrace(trace);
        int bars = Files.readString(trace).split("\"ph\":\"X\"", -1).length - 1;
        System.out.println("timeline " + bars + " tasks");
        Files.delete(trace);

        try (LocalMembers members = LocalMembers.start(1, 1);
                Cluster cluster = members.join();
                Workers far = Workers.processes(1).on(cluster).build()) {
            print("cluster", Lox.on(far, String::length).gather(List.of("one", "three")));
        }
    }

    private static void print(String artifact, List<Integer> lengths) {
        System.out.println(artifact + " " + lengths);
    }
}
