package lox.tck;

import java.util.stream.Stream;

/** Funnels, and the joins of two streams that are made of them. */
final class Funnels {
    private static final int MOST = 10_000;

    private Funnels() {}

    static Stream<Subject> all() {
        return Stream.of(
                Subject.ofFlow(
                        "Funnel in plain Java",
                        MOST,
                        elements -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            lox.sync.Funnel.Input<Long, Long> left = funnel.input("left");
                            lox.sync.Funnel.Input<Long, Long> right = funnel.input("right");
                            for (long job = 0; job < elements; job++) {
                                left.put(job, job);
                                right.put(job, job);
                            }
                            funnel.complete();
                            return funnel.asPublisher();
                        },
                        () -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            funnel.fail(Planned.failure());
                            return funnel.asPublisher();
                        }),
                new Subject(
                        "Funnel in Reactor",
                        MOST,
                        elements -> {
                            var funnel = lox.reactor.Funnel.<Long>create();
                            lox.reactor.Funnel.Input<Long, Long> left = funnel.input("left");
                            lox.reactor.Funnel.Input<Long, Long> right = funnel.input("right");
                            for (long job = 0; job < elements; job++) {
                                left.put(job, job);
                                right.put(job, job);
                            }
                            funnel.complete();
                            return funnel.asFlux();
                        },
                        () -> {
                            var funnel = lox.reactor.Funnel.<Long>create();
                            funnel.fail(Planned.failure());
                            return funnel.asFlux();
                        }),
                new Subject(
                        "Funnel in RxJava",
                        MOST,
                        elements -> {
                            var funnel = lox.rxjava.Funnel.<Long>create();
                            lox.rxjava.Funnel.Input<Long, Long> left = funnel.input("left");
                            lox.rxjava.Funnel.Input<Long, Long> right = funnel.input("right");
                            for (long job = 0; job < elements; job++) {
                                left.put(job, job);
                                right.put(job, job);
                            }
                            funnel.complete();
                            return funnel.asFlowable();
                        },
                        () -> {
                            var funnel = lox.rxjava.Funnel.<Long>create();
                            funnel.fail(Planned.failure());
                            return funnel.asFlowable();
                        }),
                Subject.ofFlow(
                        "Funnel with optional inputs in plain Java",
                        MOST,
                        elements -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            lox.sync.Funnel.Input<Long, Long> left = funnel.optionalInput("left");
                            lox.sync.Funnel.Input<Long, Long> right = funnel.optionalInput("right");
                            for (long job = 0; job < elements; job++) {
                                (job % 2 == 0 ? left : right).put(job, job);
                            }
                            funnel.complete();
                            return funnel.asPublisher();
                        },
                        () -> {
                            var funnel = lox.sync.Funnel.<Long>create();
                            funnel.optionalInput("only");
                            funnel.fail(Planned.failure());
                            return funnel.asPublisher();
                        }));
    }
}
