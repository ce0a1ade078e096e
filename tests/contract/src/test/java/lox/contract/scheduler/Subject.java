package lox.contract.scheduler;

import lox.sync.Workers;
import lox.test.ProcessPlace;

/** The schedulers under test. */
enum Subject {
    REACTOR_PROCESSES(true, true, SubjectScheduler.Source.PROCESSES),
    REACTOR_SCATTER(true, false, SubjectScheduler.Source.SCATTER),
    REACTOR_SCATTER_ON_PROCESSES(true, true, SubjectScheduler.Source.SCATTER),
    RXJAVA_PROCESSES(false, true, SubjectScheduler.Source.PROCESSES),
    RXJAVA_SCATTER(false, false, SubjectScheduler.Source.SCATTER),
    RXJAVA_SCATTER_ON_PROCESSES(false, true, SubjectScheduler.Source.SCATTER);

    private final boolean reactor;
    private final boolean processes;
    private final SubjectScheduler.Source source;

    Subject(boolean reactor, boolean processes, SubjectScheduler.Source source) {
        this.reactor = reactor;
        this.processes = processes;
        this.source = source;
    }

    /** Makes one over so many workers; none for tasks that run in the caller's thread. */
    SubjectScheduler over(int count) {
        return on(
                processes
                        ? ProcessPlace.moved(Workers.processes(count)).build()
                        : Workers.threads(count).build());
    }

    /** Makes one over workers of this kind. */
    SubjectScheduler on(Workers shared) {
        return reactor ? new ReactorScheduler(shared, source) : new RxJavaScheduler(shared, source);
    }
}
