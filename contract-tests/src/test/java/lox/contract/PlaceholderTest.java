package lox.contract;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class PlaceholderTest {
    @Test
    void shouldSeeAllThreeDialectsAndNoCycleBetweenThem() {
        JavaClasses classes = new ClassFileImporter().importPackages("lox.sync", "lox.reactor", "lox.rxjava");
        for (String dialect : new String[] {"lox.sync", "lox.reactor", "lox.rxjava"}) {
            assertThat(classes.containPackage(dialect)).as(dialect).isTrue();
        }
        slices().matching("lox.(*)..").should().beFreeOfCycles().check(classes);
    }
}
