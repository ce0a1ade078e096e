package lox.contract;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, and nothing is public by accident. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("lox.sync", "lox.reactor", "lox.rxjava");

    private static final DescribedPredicate<JavaClass> OF_LOX = resideInAPackage("lox..");

    @Test
    void shouldSeeAllThreeLibraries() {
        for (String library : new String[] {"lox.sync", "lox.sync.engine", "lox.reactor", "lox.rxjava"}) {
            assertThat(CLASSES.containPackage(library)).as(library).isTrue();
        }
    }

    @Test
    void shouldStandOnTheJdkAloneInLoxSync() {
        classes()
                .that()
                .resideInAPackage("lox.sync..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "lox.sync..", "org.jspecify.annotations"))
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

    @Test
    void shouldKeepTheEngineFreeOfTheRest() {
        noClasses()
                .that()
                .resideInAPackage("lox.sync.engine..")
                .should()
                .dependOnClassesThat(
                        OF_LOX.and(DescribedPredicate.not(resideInAnyPackage("lox.sync.engine..", "lox.sync.lock.."))))
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheHotEngineFreeOfTheRest() {
        noClasses()
                .that()
                .resideInAPackage("lox.sync.hot..")
                .should()
                .dependOnClassesThat(
                        OF_LOX.and(DescribedPredicate.not(resideInAnyPackage("lox.sync.engine..", "lox.sync.hot.."))))
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheLocksFreeOfTheRest() {
        noClasses()
                .that()
                .resideInAPackage("lox.sync.lock..")
                .should()
                .dependOnClassesThat(OF_LOX.and(DescribedPredicate.not(resideInAPackage("lox.sync.lock.."))))
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheProcessesFreeOfAllButTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("lox.sync.process..")
                .should()
                .dependOnClassesThat(OF_LOX.and(
                        DescribedPredicate.not(resideInAnyPackage("lox.sync.process..", "lox.sync.engine.."))))
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheFunnelFreeOfTheRest() {
        noClasses()
                .that()
                .resideInAPackage("lox.sync.funnel..")
                .should()
                .dependOnClassesThat(OF_LOX.and(
                        DescribedPredicate.not(resideInAnyPackage("lox.sync.funnel..", "lox.sync.engine.."))))
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching("lox.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldKeepContextPropagationOptional() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are not the bridge to it", type -> !type.getName().contains("PropagatedContext")))
                .should()
                .dependOnClassesThat(resideInAPackage("io.micrometer.."))
                .check(CLASSES);
    }

    @Test
    void shouldMakePublicWhatTheDesignNamesAndNothingElse() {
        assertThat(publicTypesOf("lox.sync"))
                .containsExactlyInAnyOrder(
                        "Announcement",
                        "Announcement$Member",
                        "Announcement$Subscription",
                        "AnnouncementSealedException",
                        "BiScatter",
                        "BiTask",
                        "Buffer",
                        "Funnel",
                        "Funnel$Builder",
                        "Funnel$Input",
                        "GatherException",
                        "Lox",
                        "OverflowException",
                        "Outcome",
                        "Outcome$Failure",
                        "Outcome$Success",
                        "ProcessesBuilder",
                        "Progress",
                        "Scatter",
                        "Task",
                        "TaskTimeoutException",
                        "Workers",
                        "Workers$Builder");
        assertThat(publicTypesOf("lox.sync.lock"))
                .containsExactlyInAnyOrder(
                        "Acquirable",
                        "AcquireTimeoutException",
                        "Acquisition",
                        "IndexPermit",
                        "IndexSemaphore",
                        "LightSwitch",
                        "LockSnapshot",
                        "Permit",
                        "QLock",
                        "RWLock",
                        "WritePermit");
        assertThat(publicTypesOf("lox.sync.process"))
                .containsExactlyInAnyOrder(
                        "Codec",
                        "OutputLine",
                        "RemoteTaskException",
                        "SerializationException",
                        "WorkerCrashedException",
                        "WorkerMain", // started by java
                        "WorkerOptions", // for lox.sync alone, as is the next
                        "WorkerPool");
        assertThat(publicTypesOf("lox.sync.funnel"))
                .containsExactlyInAnyOrder(
                        "Delivery",
                        "DiscardReason",
                        "Duplicates",
                        "FunnelFullException",
                        "FunnelOptions",
                        "JobFunnel",
                        "JobInput",
                        "JoinOfFour",
                        "JoinOfThree",
                        "JoinOfTwo",
                        "Joined",
                        "LateInputs",
                        "Timekeeper",
                        "WhenFull");
        for (String adapter : new String[] {"lox.reactor", "lox.rxjava"}) {
            assertThat(publicTypesOf(adapter))
                    .containsExactlyInAnyOrder(
                            "Announcement",
                            "Announcement$Member",
                            "BiScatter",
                            "Funnel",
                            "Funnel$Builder",
                            "Funnel$Input",
                            "Locks",
                            "Lox",
                            "ProcessScheduler",
                            "Scatter");
        }
    }

    @Test
    void shouldShowNoEngineTypeInASignatureUsersSee() {
        Set<String> shown = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (isShown(type) && !isOfTheEngine(type)) {
                type.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(method ->
                                method.getAllInvolvedRawTypes().stream().anyMatch(ArchitectureTest::isOfTheEngine))
                        .forEach(method -> shown.add(method.getFullName()));
            }
        }
        // two doors for the adapters, and two classes that are public for lox.sync alone
        assertThat(shown)
                .containsExactly(
                        "lox.sync.Buffer.policy()",
                        "lox.sync.Workers.lanes()",
                        "lox.sync.process.WorkerOptions.initializer()",
                        "lox.sync.process.WorkerPool.lend(java.util.function.BooleanSupplier)");
    }

    private static boolean isOfTheEngine(JavaClass type) {
        return type.getPackageName().equals("lox.sync.engine")
                || type.getPackageName().equals("lox.sync.hot");
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
