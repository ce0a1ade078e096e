package consumer;

import io.reactivex.rxjava3.core.Flowable;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;
import reactor.core.publisher.Flux;

/** A user's program on the published artifacts: each dialect once, and a child JVM. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
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
    }

    private static void print(String dialect, List<Integer> lengths) {
        System.out.println(dialect + " " + lengths);
    }
}
