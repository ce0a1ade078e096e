package lox.contract;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lox.sync.internal.funnel.JoinEngine;
import lox.sync.internal.funnel.ReadySubscription;
import lox.sync.internal.pool.LanePool;
import lox.sync.spi.Demand;
import lox.sync.spi.Dialect;
import lox.sync.spi.ProgressSink;
import lox.sync.spi.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies point one way, and nothing is public by accident. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("lox.sync", "lox.reactor", "lox.rxjava");

    private static final DescribedPredicate<JavaClass> NOT_THE_BRIDGE = DescribedPredicate.describe(
            "are not the bridge to context-propagation",
            type -> !type.getName().startsWith("lox.sync.spi.PropagatedContext"));

    /** It implements a type of BlockHound, which finds it when it is installed; without BlockHound it is never loaded. */
    private static final DescribedPredicate<JavaClass> NOT_FOR_BLOCKHOUND = DescribedPredicate.describe(
            "are not BlockHound's integration",
            type -> !type.getName().equals("lox.sync.internal.blockhound.LoxBlockHoundIntegration"));

    private static final String RECORDER = "lox.sync.internal.jfr";

    private static final DescribedPredicate<JavaClass> OF_LOX = resideInAPackage("lox..");

    @Test
    void shouldSeeAllThreeLibraries() {
        for (String library :
                new String[] {"lox.sync", "lox.sync.spi", "lox.sync.internal.core", "lox.reactor", "lox.rxjava"}) {
            assertThat(CLASSES.containPackage(library)).as(library).isTrue();
        }
    }

    @Test
    void shouldStandOnTheJdkAloneInLoxSync() {
        classes()
                .that(resideInAPackage("lox.sync..")
                        .and(NOT_THE_BRIDGE)
                        .and(NOT_FOR_BLOCKHOUND)
                        .and(DescribedPredicate.not(resideInAPackage(RECORDER))))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "lox.sync..", "org.jspecify.annotations"))
                .check(CLASSES);
    }

    /** A runtime image may lack the flight recorder. */
    @Test
    void shouldReachTheFlightRecorderFromOnePackage() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(RECORDER)))
                .should()
                .dependOnClassesThat(resideInAPackage("jdk.jfr.."))
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheAdaptersApart() {
        noClasses()
                .that()
                .resideInAPackage("lox.reactor..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("lox.rxjava..", "io.reactivex.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("lox.rxjava..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("lox.reactor..", "reactor.."))
                .check(CLASSES);
    }

    /** Which packages a package of lox-sync may use: itself, the JDK, and those that stand behind it here. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            entry("lox.sync.spi", Set.of()),
            entry("lox.sync.spi.host", Set.of("lox.sync.process")),
            entry("lox.sync.event", Set.of()),
            entry(RECORDER, Set.of()),
            entry("lox.sync.internal.observe", Set.of("lox.sync.spi", "lox.sync.event", RECORDER)),
            entry("lox.sync.internal.time", Set.of("lox.sync.spi")),
            entry("lox.sync.internal.stack", Set.of()),
            entry("lox.sync.lock", rooms("stack", "time")),
            entry("lox.sync.internal.result", rooms("stack")),
            entry("lox.sync.internal.slot", Set.of("lox.sync.internal.result")),
            entry("lox.sync.internal.pool", rooms("observe", "result", "time")),
            entry("lox.sync.internal.core", observing("pool", "slot", "result", "time")),
            entry("lox.sync.internal.chain", rooms("core", "observe", "pool", "slot", "result", "time")),
            entry("lox.sync.internal.map", rooms("core", "observe", "pool", "slot", "result", "time")),
            entry("lox.sync.internal.stream", rooms("core", "pool", "slot", "result", "time")),
            entry("lox.sync.internal.expand", rooms("core", "pool", "slot", "result", "time")),
            entry("lox.sync.internal.claim", rooms("chain", "core", "observe", "pool", "slot")),
            entry("lox.sync.internal.async", observing("claim", "core", "pool", "slot", "time")),
            entry("lox.sync.internal.remote", observing("claim", "core", "pool", "slot", "time")),
            entry("lox.sync.internal.schedule", rooms("pool", "result", "time")),
            entry("lox.sync.internal.engine", rooms("chain", "claim", "remote", "async", "core", "pool", "slot")),
            entry("lox.sync.internal.hot", Set.of("lox.sync.spi", "lox.sync.internal.time")),
            entry("lox.sync.internal.blockhound", Set.of("lox.sync.internal.time")),
            entry("lox.sync.internal.access", Set.of()),
            entry("lox.sync.internal.funnel", rooms("result", "time")),
            entry("lox.sync.internal.lock", Set.of("lox.sync.spi", "lox.sync.lock", "lox.sync.internal.time")),
            entry("lox.sync.internal.serialization", Set.of()),
            entry("lox.sync.process", Set.of("lox.sync.internal.serialization")),
            entry(
                    "lox.sync.internal.process",
                    Set.of(
                            "lox.sync.spi",
                            "lox.sync.spi.host",
                            "lox.sync.event",
                            "lox.sync.internal.observe",
                            "lox.sync.internal.time",
                            "lox.sync.internal.result",
                            "lox.sync.internal.serialization",
                            "lox.sync.process")),
            entry(
                    "lox.sync",
                    Set.of(
                            "lox.sync.spi",
                            "lox.sync.spi.host",
                            "lox.sync.event",
                            "lox.sync.lock",
                            "lox.sync.process",
                            "lox.sync.internal.access",
                            "lox.sync.internal.time",
                            "lox.sync.internal.result",
                            "lox.sync.internal.observe",
                            "lox.sync.internal.pool",
                            "lox.sync.internal.core",
                            "lox.sync.internal.map",
                            "lox.sync.internal.stream",
                            "lox.sync.internal.expand",
                            "lox.sync.internal.engine",
                            "lox.sync.internal.funnel",
                            "lox.sync.internal.hot",
                            "lox.sync.internal.process")),
            entry(
                    "lox.sync.internal.adapter",
                    Set.of(
                            "lox.sync",
                            "lox.sync.internal.access",
                            "lox.sync.internal.core",
                            "lox.sync.internal.pool",
                            "lox.sync.internal.funnel",
                            "lox.sync.internal.hot")));

    /** These rooms of the inside, and the interfaces below all of them. */
    private static Set<String> rooms(String... names) {
        return Stream.concat(Stream.of("lox.sync.spi"), Stream.of(names).map("lox.sync.internal."::concat))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The same with what listeners are told of. */
    private static Set<String> observing(String... names) {
        return Stream.concat(Stream.of("lox.sync.event", "lox.sync.internal.observe"), rooms(names).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    static Stream<String> packagesOfLoxSync() {
        return CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("lox.sync"))
                .distinct()
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("packagesOfLoxSync")
    void shouldPointOneWayInsideLoxSync(String name) {
        assertThat(ARROWS).as("every package has its arrows").containsKey(name);
        Set<String> allowed = new TreeSet<>(ARROWS.getOrDefault(name, Set.of()));
        allowed.add(name);
        noClasses()
                .that()
                .resideInAPackage(name)
                .should()
                .dependOnClassesThat(
                        OF_LOX.and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .check(CLASSES);
    }

    /** So over processes one library at a time is tested: see {@link Setup}. */
    @Test
    void shouldRunTasksInProcessesWhateverTheLibrary() {
        noClasses()
                .that()
                .resideInAnyPackage("lox.sync.internal.remote", "lox.sync.internal.process")
                .should()
                .dependOnClassesThat(assignableTo(Dialect.class))
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheTimeToOneClock() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage("lox.sync.internal.time")))
                .should()
                .callConstructorWhere(target(owner(assignableTo(ScheduledThreadPoolExecutor.class))))
                .check(CLASSES);
    }

    /** A cluster is another {@code WorkerHost}: what a worker is to its pool must not know that it is a child of this JVM. */
    @Test
    void shouldReachWorkersThroughTheirHostAlone() {
        String room = "lox.sync.internal.process.";
        noClasses()
                .that()
                .haveNameMatching(room
                        + "(Worker|WorkerContext|WorkerLifecycle|WorkerStarter|WorkerSender"
                        + "|WorkerReceiver|WorkerSupply|RunQueue|TaskTimeLimit|SilenceLimit"
                        + "|TaskRun|SentFunctions|IdleWorkers|LiveWorkers|StartAttempts)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(room
                        + "(Local.*|WorkerPool|WorkerProcess|WorkerDirectory|LaunchCommand|Handshake|UninterruptibleChannel"
                        + "|CrashSafeBuffer|RecoveringChannel|OutputRelay|StreamReader)(\\$.*)?")
                .check(CLASSES);
    }

    /** Public locks stand on ways of asking, these on the gate, and that on requests; reports know none of them. */
    @Test
    void shouldPointOneWayInsideTheLocks() {
        String room = "lox.sync.lock.";
        List<String> layers = List.of(
                "(LockReport|LockSnapshot|Permit|IndexPermit|WritePermit|Acquirable|PermitRequest|AcquireTimeoutException)",
                "(Callbacks|Listener|Trampoline|ExpiryQueue|PermitTracker|AbstractPermit|UnderlyingCall|QueuedRequest|DeferredActions|RequestQueue)",
                "(FairSync|QueueInspector)",
                "(AcquirePath|AcquireRequest|PlainPermit|SwitchSync|WeightedSync|KeyTable|KeyPath)",
                "(QLock|RWLock|LightSwitch|IndexSemaphore|WeightedSemaphore|KeyedLock)");
        for (int lower = 0; lower < layers.size(); lower++) {
            for (String upper : layers.subList(lower + 1, layers.size())) {
                noClasses()
                        .that()
                        .haveNameMatching(room + layers.get(lower) + "(\\$.*)?")
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(room + upper + "(\\$.*)?")
                        .check(CLASSES);
            }
        }
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching("lox.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** In these packages no class depends on itself by way of others; nested classes count as the class they are in. */
    @ParameterizedTest
    @ValueSource(strings = {"lox.sync.internal.hot", "lox.sync.internal.funnel"})
    void shouldHaveNoCyclesBetweenClasses(String name) {
        SliceAssignment topLevelClasses = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().equals(name)
                        ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "top-level classes of " + name;
            }
        };
        slices().assignedFrom(topLevelClasses).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldKeepContextPropagationOptional() {
        noClasses()
                .that(NOT_THE_BRIDGE)
                .should()
                .dependOnClassesThat(resideInAPackage("io.micrometer.."))
                .check(CLASSES);
    }

    @Test
    void shouldMakePublicWhatTheDesignNamesAndNothingElse() {
        assertThat(publicTypesOf("lox.sync"))
                .containsExactlyInAnyOrder(
                        "Announcement",
                        "Announcement$Builder",
                        "Announcement$Member",
                        "Announcement$Subscription",
                        "AnnouncementOptions",
                        "AnnouncementSealedException",
                        "Batch",
                        "BiBatch",
                        "BiScatter",
                        "BiTask",
                        "Buffer",
                        "DiscardReason",
                        "Duplicates",
                        "Funnel",
                        "Funnel$Builder",
                        "Funnel$Input",
                        "FunnelFullException",
                        "FunnelOptions",
                        "GatherException",
                        "GatherOptions",
                        "GatherTimeoutException",
                        "JobFunnel",
                        "JobInput",
                        "JoinOfFour",
                        "JoinOfThree",
                        "JoinOfTwo",
                        "Joined",
                        "LateInputs",
                        "Lox",
                        "OverflowException",
                        "Outcome",
                        "Outcome$Failure",
                        "Outcome$Success",
                        "ProcessesBuilder",
                        "Progress",
                        "PublisherFailedException",
                        "PutResult",
                        "QueueFullException",
                        "RetryPolicy",
                        "Scatter",
                        "Task",
                        "TaskTimeoutException",
                        "WhenFull",
                        "Workers",
                        "Workers$Builder",
                        "WorkersSnapshot",
                        "WorkersSnapshot$Processes",
                        "WorkersSnapshot$RunningTask",
                        "WorkersSnapshot$WorkerProcess");
        assertThat(publicTypesOf("lox.sync.lock"))
                .containsExactlyInAnyOrder(
                        "Acquirable",
                        "AcquireTimeoutException",
                        "IndexPermit",
                        "IndexSemaphore",
                        "KeyedLock",
                        "LightSwitch",
                        "LockReport",
                        "LockReport$Entry",
                        "LockSnapshot",
                        "Permit",
                        "PermitRequest",
                        "QLock",
                        "RWLock",
                        "WeightedSemaphore",
                        "WritePermit");
        assertThat(publicTypesOf("lox.sync.process"))
                .containsExactlyInAnyOrder(
                        "ClusterUnavailableException",
                        "Codec",
                        "Machines",
                        "OutputLine",
                        "RemoteTaskException",
                        "SerializationException",
                        "WorkerCrashedException",
                        "WorkerLostException");
        assertThat(publicTypesOf("lox.sync.event"))
                .containsExactlyInAnyOrder(
                        "BatchEnd", "BatchEvent", "TaskEnd", "TaskEvent", "TaskListener", "WorkerEnd", "WorkerEvent");
        for (String adapter : new String[] {"lox.reactor", "lox.rxjava"}) {
            assertThat(publicTypesOf(adapter))
                    .containsExactlyInAnyOrder(
                            "Announcement",
                            "Announcement$Builder",
                            "Announcement$Member",
                            "Batch",
                            "BiBatch",
                            "BiScatter",
                            "Funnel",
                            "Funnel$Builder",
                            "Funnel$Input",
                            "Joins",
                            "Locks",
                            "Lox",
                            "OuterJoins",
                            "ProcessScheduler",
                            "Scatter");
        }
    }

    /** What the packages for users show of lox: types that users may name, and none of the inside. */
    @ParameterizedTest
    @ValueSource(
            strings = {"lox.sync", "lox.sync.event", "lox.sync.lock", "lox.sync.process", "lox.reactor", "lox.rxjava"})
    void shouldShowNoInternalTypeInASignatureUsersSee(String name) {
        Set<String> shown = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (type.getPackageName().equals(name) && isShown(type)) {
                shown.addAll(Signatures.of(type.reflect()).internal());
            }
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void shouldNoticeInternalTypesInSignatures() {
        assertThat(Signatures.of(Planted.class).internal())
                .containsExactlyInAnyOrder(
                        "lox.contract.ArchitectureTest$Planted extends lox.sync.internal.funnel.ReadySubscription<java.lang.String>",
                        "lox.contract.ArchitectureTest$Planted implements lox.sync.spi.Dialect$Context",
                        "lox.contract.ArchitectureTest$Planted.field: java.util.List<? extends lox.sync.spi.Demand>",
                        "lox.contract.ArchitectureTest$Planted.argument: lox.sync.internal.pool.LanePool[]",
                        "lox.contract.ArchitectureTest$Planted.result: java.util.Map<java.lang.String, lox.sync.spi.Work<?, ?>>",
                        "lox.contract.ArchitectureTest$Planted.bound: lox.sync.spi.Dialect",
                        "lox.contract.ArchitectureTest$Planted.inherited: java.util.List<lox.sync.spi.ProgressSink>");
    }

    abstract static class Above<S, T> extends ReadySubscription<String> {
        Above(JoinEngine<?, String> engine) {
            super(engine);
        }

        public abstract List<S> inherited();

        abstract T hidden();
    }

    /** Shows what it should not. */
    public abstract static class Planted extends Above<ProgressSink, Work<?, ?>> implements Dialect.Context {
        protected final List<? extends Demand> field = List.of();

        Planted(JoinEngine<?, String> notShown) {
            super(notShown);
        }

        public void argument(LanePool[] pools) {}

        protected abstract Map<String, Work<?, ?>> result();

        public abstract <D extends Dialect> void bound();

        abstract LanePool hiddenToo();
    }

    private static Set<String> publicTypesOf(String library) {
        Set<String> names = new TreeSet<>();
        CLASSES.stream()
                .filter(type -> type.getPackageName().equals(library) && isShown(type))
                .forEach(type -> names.add(type.getName().substring(library.length() + 1)));
        return names;
    }

    private static boolean isShown(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isShown).orElse(true);
    }
}
