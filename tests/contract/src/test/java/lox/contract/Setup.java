package lox.contract;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One library on one kind of workers. The methods name the groups that tests ask for. */
record Setup(Library library, Kind kind) {
    static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

    /** Whether the same build has run the tests before, on another JDK. */
    private static final boolean AGAIN = Boolean.getBoolean("test.again");

    /** For a developer: runs the tests on one kind of workers alone. */
    private static final String ONLY = System.getProperty("test.workers", "");

    enum Kind {
        THREADS,
        VIRTUAL,
        EXECUTOR,
        /** A scheduler of the library's own. */
        SCHEDULER,
        /** Child JVMs. */
        PROCESSES,
        /** No threads: a function that does not block, which has the test's task run elsewhere. */
        ASYNC,
        /** Each task in the thread that scatters it. */
        INLINE
    }

    static Stream<Setup> all() {
        return Library.all().stream()
                .flatMap(library -> Arrays.stream(Kind.values()).map(kind -> new Setup(library, kind)))
                .filter(Setup::exists);
    }

    /**
     * A build runs the tests twice, on two JDKs. Over processes, which cost most, in one library each: what runs tasks in
     * processes knows nothing of the library, as {@code ArchitectureTest} holds, and those with subscribers have all tests
     * of plain Java and more. The rest runs in each library on the first JDK; what another JDK changes for these kinds is
     * below the library, so plain Java is enough there, and a user's executor or a library's scheduler, which take what the
     * same engine gives them, are left out. Over virtual threads each library runs on the second JDK; over schedulers, where
     * that JDK has none. See decision 53.
     */
    private boolean exists() {
        if (!ONLY.isEmpty() && kind != Kind.valueOf(ONLY)) {
            return false;
        }
        return switch (kind) {
            case VIRTUAL -> HAS_VIRTUAL_THREADS;
            case EXECUTOR -> !AGAIN;
            case SCHEDULER -> !(AGAIN && HAS_VIRTUAL_THREADS) && library.hasSubscribers();
            case PROCESSES -> !ONLY.isEmpty() || library == (AGAIN ? Library.RXJAVA : Library.REACTOR);
            case THREADS, ASYNC, INLINE -> !AGAIN || library == Library.SYNC;
        };
    }

    /** Whether these are processes that the same build has had the test run over before, on another JDK. */
    boolean isProcessesAgain() {
        return kind == Kind.PROCESSES && AGAIN && ONLY.isEmpty();
    }

    /** Where tasks run beside the one who scatters. */
    static Stream<Setup> concurrent() {
        return all().filter(setup -> setup.kind != Kind.INLINE);
    }

    /** Where gathers have subscribers that come and go, and tasks run beside the one who scatters. */
    static Stream<Setup> subscribable() {
        return concurrent().filter(setup -> setup.library.hasSubscribers());
    }

    /** Where several functions share one Workers, and tasks run beside the one who scatters. */
    static Stream<Setup> shared() {
        return concurrent();
    }

    /** Where there are Workers with options of their own. */
    static Stream<Setup> sharedAndInline() {
        return all();
    }

    /** Each library once, on threads, for what does not depend on the kind of workers. */
    static Stream<Setup> libraries() {
        return Stream.of(Kind.THREADS).flatMap(Setup::inEachLibrary);
    }

    /** The kinds whose threads are lox's own. */
    static Stream<Setup> ownThreads() {
        List<Kind> kinds = HAS_VIRTUAL_THREADS ? List.of(Kind.THREADS, Kind.VIRTUAL) : List.of(Kind.THREADS);
        return kinds.stream().flatMap(Setup::inEachLibrary);
    }

    private static Stream<Setup> inEachLibrary(Kind kind) {
        return Library.all().stream().map(library -> new Setup(library, kind));
    }

    @Override
    public String toString() {
        return library + " on " + kind;
    }
}
