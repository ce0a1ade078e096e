package lox.tck;

import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import lox.sync.Buffer;
import org.reactivestreams.Publisher;

/** Announcements: what comes from the backlog, and what comes after the subscription. */
final class Announcements {
    private static final int MOST = 1_000;

    private Announcements() {}

    static Stream<Subject> all() {
        return Stream.concat(
                Stream.of(
                        flow("Announcement in plain Java", lox.sync.Announcement::asPublisher),
                        flow(
                                "Announcement in plain Java, bounded buffer",
                                announcement -> announcement.asPublisher(Buffer.failing(2 * MOST))),
                        Subject.ofFlow(
                                "Announcement's backlog by time in plain Java",
                                MOST,
                                elements -> {
                                    var announcement = expiring();
                                    LongStream.range(0, elements).forEach(announcement::put);
                                    announcement.complete();
                                    return announcement.asPublisher();
                                },
                                () -> {
                                    var announcement = expiring();
                                    announcement.fail(Planned.failure());
                                    return announcement.asPublisher();
                                }),
                        Subject.ofFlow(
                                "Announcement's backlog in plain Java",
                                MOST,
                                elements -> {
                                    var announcement = lox.sync.Announcement.builder()
                                            .unboundedBacklog()
                                            .<Long>build();
                                    LongStream.range(0, elements).forEach(announcement::put);
                                    announcement.complete();
                                    return announcement.asPublisher();
                                },
                                () -> {
                                    var announcement = lox.sync.Announcement.builder()
                                            .unboundedBacklog()
                                            .<Long>build();
                                    announcement.fail(Planned.failure());
                                    return announcement.asPublisher();
                                })),
                Stream.concat(reactor(), rxJava()));
    }

    private static lox.sync.Announcement<Long> expiring() {
        return lox.sync.Announcement.builder().backlog(Duration.ofHours(1)).build();
    }

    private static Subject flow(String name, Function<lox.sync.Announcement<Long>, Flow.Publisher<Long>> view) {
        return Subject.ofFlow(
                name,
                MOST,
                elements -> {
                    var announcement = lox.sync.Announcement.<Long>create();
                    return subscriber -> {
                        view.apply(announcement).subscribe(subscriber);
                        LongStream.range(0, elements).forEach(announcement::put);
                        announcement.complete();
                    };
                },
                () -> {
                    var announcement = lox.sync.Announcement.<Long>create();
                    announcement.fail(Planned.failure());
                    return view.apply(announcement);
                });
    }

    private static Stream<Subject> reactor() {
        return Stream.of(
                live("Announcement in Reactor", lox.reactor.Announcement::asFlux),
                live(
                        "Announcement in Reactor, bounded buffer",
                        announcement -> announcement.asFlux(Buffer.failing(2 * MOST))),
                live(
                        "Announcement of the others in Reactor",
                        announcement -> announcement.member().asFlux()),
                new Subject(
                        "Announcement's backlog in Reactor",
                        MOST,
                        elements -> {
                            var announcement = lox.reactor.Announcement.builder()
                                    .unboundedBacklog()
                                    .<Long>build();
                            LongStream.range(0, elements).forEach(announcement::put);
                            announcement.complete();
                            return announcement.asFlux();
                        },
                        () -> failedInReactor(lox.reactor.Announcement.builder()
                                .unboundedBacklog()
                                .build())));
    }

    private static Subject live(String name, Function<lox.reactor.Announcement<Long>, Publisher<Long>> view) {
        return new Subject(
                name,
                MOST,
                elements -> {
                    var announcement = lox.reactor.Announcement.<Long>create();
                    return (Publisher<Long>) subscriber -> {
                        view.apply(announcement).subscribe(subscriber);
                        LongStream.range(0, elements).forEach(announcement::put);
                        announcement.complete();
                    };
                },
                () -> {
                    var announcement = lox.reactor.Announcement.<Long>create();
                    announcement.fail(Planned.failure());
                    return view.apply(announcement);
                });
    }

    private static Publisher<Long> failedInReactor(lox.reactor.Announcement<Long> announcement) {
        announcement.fail(Planned.failure());
        return announcement.asFlux();
    }

    private static Stream<Subject> rxJava() {
        return Stream.of(
                liveInRxJava("Announcement in RxJava", lox.rxjava.Announcement::asFlowable),
                liveInRxJava(
                        "Announcement in RxJava, bounded buffer",
                        announcement -> announcement.asFlowable(Buffer.failing(2 * MOST))),
                liveInRxJava(
                        "Announcement of the others in RxJava",
                        announcement -> announcement.member().asFlowable()),
                new Subject(
                        "Announcement's backlog in RxJava",
                        MOST,
                        elements -> {
                            var announcement = lox.rxjava.Announcement.builder()
                                    .unboundedBacklog()
                                    .<Long>build();
                            LongStream.range(0, elements).forEach(announcement::put);
                            announcement.complete();
                            return announcement.asFlowable();
                        },
                        () -> failedInRxJava(lox.rxjava.Announcement.builder()
                                .unboundedBacklog()
                                .build())));
    }

    private static Subject liveInRxJava(String name, Function<lox.rxjava.Announcement<Long>, Publisher<Long>> view) {
        return new Subject(
                name,
                MOST,
                elements -> {
                    var announcement = lox.rxjava.Announcement.<Long>create();
                    return (Publisher<Long>) subscriber -> {
                        view.apply(announcement).subscribe(subscriber);
                        LongStream.range(0, elements).forEach(announcement::put);
                        announcement.complete();
                    };
                },
                () -> {
                    var announcement = lox.rxjava.Announcement.<Long>create();
                    announcement.fail(Planned.failure());
                    return view.apply(announcement);
                });
    }

    private static Publisher<Long> failedInRxJava(lox.rxjava.Announcement<Long> announcement) {
        announcement.fail(Planned.failure());
        return announcement.asFlowable();
    }
}
