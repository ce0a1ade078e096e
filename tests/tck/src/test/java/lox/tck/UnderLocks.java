package lox.tck;

import java.util.function.Function;
import java.util.stream.Stream;
import lox.sync.lock.IndexPermit;
import lox.sync.lock.IndexSemaphore;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is made while a permit is held: at once, on a scheduler, and after a wait for the permit. */
final class UnderLocks {
    private static final int PERMITS = 100; // for the rules that have several subscribers at a time

    private UnderLocks() {}

    static Stream<Subject> all() {
        reactor.core.scheduler.Scheduler parallel = reactor.core.scheduler.Schedulers.parallel();
        io.reactivex.rxjava3.core.Scheduler computation = io.reactivex.rxjava3.schedulers.Schedulers.computation();
        return Stream.of(
                new Subject(
                        "Locks.usingMono",
                        1,
                        elements -> lox.reactor.Locks.usingMono(free(), permit -> one(elements)),
                        () -> lox.reactor.Locks.usingMono(free(), permit -> Mono.error(Planned.failure()))),
                new Subject(
                        "Locks.usingMono on a scheduler",
                        1,
                        elements -> lox.reactor.Locks.usingMono(free(), parallel, permit -> one(elements)),
                        () -> lox.reactor.Locks.usingMono(free(), parallel, permit -> Mono.error(Planned.failure()))),
                Subject.endless(
                        "Locks.usingFlux",
                        elements -> lox.reactor.Locks.usingFlux(free(), permit -> Numbers.upTo(elements)),
                        () -> lox.reactor.Locks.usingFlux(free(), permit -> Flux.error(Planned.failure()))),
                Subject.endless(
                        "Locks.usingFlux on a scheduler",
                        elements -> lox.reactor.Locks.usingFlux(free(), parallel, permit -> Numbers.upTo(elements)),
                        () -> lox.reactor.Locks.usingFlux(free(), parallel, permit -> Flux.error(Planned.failure()))),
                Subject.endless(
                        "Locks.usingFlux after a wait",
                        elements ->
                                afterAWait(lock -> lox.reactor.Locks.usingFlux(lock, permit -> Numbers.upTo(elements))),
                        () -> afterAWait(
                                lock -> lox.reactor.Locks.usingFlux(lock, permit -> Flux.error(Planned.failure())))),
                Subject.endless(
                        "Locks.usingFlowable",
                        elements -> lox.rxjava.Locks.usingFlowable(free(), permit -> Numbers.upTo(elements)),
                        () -> lox.rxjava.Locks.usingFlowable(free(), permit -> Flux.error(Planned.failure()))),
                Subject.endless(
                        "Locks.usingFlowable on a scheduler",
                        elements ->
                                lox.rxjava.Locks.usingFlowable(free(), computation, permit -> Numbers.upTo(elements)),
                        () -> lox.rxjava.Locks.usingFlowable(
                                free(), computation, permit -> Flux.error(Planned.failure()))),
                Subject.endless(
                        "Locks.usingFlowable after a wait",
                        elements -> afterAWait(
                                lock -> lox.rxjava.Locks.usingFlowable(lock, permit -> Numbers.upTo(elements))),
                        () -> afterAWait(lock ->
                                lox.rxjava.Locks.usingFlowable(lock, permit -> Flux.error(Planned.failure())))));
    }

    private static IndexSemaphore free() {
        return new IndexSemaphore(PERMITS);
    }

    private static Mono<Integer> one(long elements) {
        return elements == 0 ? Mono.empty() : Mono.just(1);
    }

    /** All who subscribe wait behind a holder, who leaves when they have. */
    private static Publisher<Integer> afterAWait(Function<IndexSemaphore, Publisher<Integer>> using) {
        return subscriber -> {
            IndexSemaphore lock = new IndexSemaphore(1);
            IndexPermit held = lock.tryAcquire().orElseThrow();
            using.apply(lock).subscribe(subscriber);
            held.close();
        };
    }
}
