package lox.cluster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("lox.cluster");

    @Test
    void shouldShowUsersNoTypeOfJGroupsOrOfTheInside() {
        List<String> seen = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            if (type.getPackageName().equals("lox.cluster")
                    && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    if (unit.getModifiers().contains(JavaModifier.PUBLIC)) {
                        List<JavaClass> types = new ArrayList<>(unit.getRawParameterTypes());
                        types.add(unit.getRawReturnType());
                        types.stream()
                                .map(JavaClass::getName)
                                .filter(name -> name.startsWith("org.jgroups") || name.contains(".internal."))
                                .forEach(name -> seen.add(unit.getFullName() + ": " + name));
                    }
                }
            }
        }
        assertThat(CLASSES.contain(Cluster.class)).isTrue();
        assertThat(seen).isEmpty();
    }

    @Test
    void shouldStandOnJGroupsAndLoxSyncAlone() {
        classes()
                .that(resideInAPackage("lox.cluster.."))
                .should()
                .onlyDependOnClassesThat(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "javax.crypto..",
                        "lox.cluster..",
                        "lox.sync..",
                        "org.jgroups..",
                        "org.jspecify.annotations"))
                .check(CLASSES);
        slices().matching("lox.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** Members and programs exchange numbers and texts: objects of strangers are not read. */
    @Test
    void shouldReadNoObjects() {
        noClasses()
                .that()
                .resideInAPackage("lox.cluster..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(CLASSES);
    }
}
