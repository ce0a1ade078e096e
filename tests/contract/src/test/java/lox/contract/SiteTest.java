package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the site needs to know of modules, so that a new one fails here and not when the site is made. */
class SiteTest {
    private static List<String> modules() {
        return PublishedModules.withJars();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldHaveTheLibrariesThatTheJavadocReads(String module) {
        List<String> libraries = PublishedModules.texts(
                PublishedModules.pomOf(module),
                "/project/dependencies/dependency[not(scope='test') and not(starts-with(artifactId, 'lox-'))]/artifactId");

        assertThat(PublishedModules.texts(
                        PublishedModules.pomOf("site"), "/project/dependencies/dependency/artifactId"))
                .as("site/pom.xml")
                .containsAll(libraries);
    }
}
