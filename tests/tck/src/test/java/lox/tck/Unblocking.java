package lox.tck;

import io.reactivex.rxjava3.core.Single;
import reactor.core.publisher.Mono;

/** Functions that do not block: what they return ends at once, or in another thread. */
final class Unblocking {
    private static final int MOST = 3;

    private Unblocking() {}

    static lox.reactor.Scatter<Integer, Integer> inReactor() {
        return lox.reactor.Lox.async(
                MOST,
                i -> i % 2 == 0
                        ? Mono.just(i + 1)
                        : Mono.just(i + 1).publishOn(reactor.core.scheduler.Schedulers.parallel()));
    }

    static lox.reactor.Scatter<Integer, Integer> failedInReactor() {
        return lox.reactor.Lox.async(MOST, i -> Mono.error(Planned.failure()));
    }

    static lox.rxjava.Scatter<Integer, Integer> inRxJava() {
        return lox.rxjava.Lox.async(
                MOST,
                i -> i % 2 == 0
                        ? Single.just(i + 1)
                        : Single.just(i + 1).observeOn(io.reactivex.rxjava3.schedulers.Schedulers.computation()));
    }

    static lox.rxjava.Scatter<Integer, Integer> failedInRxJava() {
        return lox.rxjava.Lox.async(MOST, i -> Single.error(Planned.failure()));
    }
}
