package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What Maven Central asks of a pom, and what users expect of it. All jars are looked at by .ci/release-dry-run. */
class PublicationTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final String BOM = "lox-bom";
    private static final String FLATTENED = "target/flattened-pom.xml";

    private static List<String> published() {
        return texts(pom(ROOT.resolve("pom.xml")), "/project/modules/module").stream()
                .filter(PublicationTest::isDeployed)
                .toList();
    }

    /** With {@code -pl tests/contract -am} some are not built; with all modules, all are. */
    private static List<String> built() {
        return published().stream()
                .filter(module -> Files.exists(ROOT.resolve(module).resolve(FLATTENED)))
                .toList();
    }

    private static List<String> builtJars() {
        return built().stream().filter(module -> !module.equals(BOM)).toList();
    }

    private static boolean isDeployed(String module) {
        Document pom = pom(ROOT.resolve(module).resolve("pom.xml"));
        return !texts(pom, "/project/properties/maven.deploy.skip").contains("true");
    }

    @Test
    void shouldListAllThatIsPublishedInTheBom() {
        List<String> listed = texts(
                pom(ROOT.resolve(BOM).resolve("pom.xml")),
                "/project/dependencyManagement/dependencies/dependency/artifactId");

        assertThat(listed).contains("lox-sync").doesNotHaveDuplicates();
        assertThat(published())
                .containsOnlyOnceElementsOf(listed)
                .hasSize(listed.size() + 1)
                .contains(BOM);
    }

    @ParameterizedTest
    @MethodSource("built")
    void shouldPublishAPomThatStandsAlone(String module) {
        Document pom = flattened(module);

        for (String element : List.of(
                "groupId",
                "artifactId",
                "version",
                "name",
                "description",
                "url",
                "licenses/license/url",
                "developers/developer/name",
                "scm/connection",
                "scm/url",
                "issueManagement/url")) {
            assertThat(texts(pom, "/project/" + element)).as(element).hasSize(1);
        }
        assertThat(texts(pom, "/project/scm/url"))
                .isEqualTo(texts(pom, "/project/url")); // no path of a module behind it
        assertThat(texts(pom, "/project/parent")).isEmpty();
        assertThat(texts(pom, "/project/build")).isEmpty();
        assertThat(texts(pom, "//scope")).doesNotContain("import", "test");
    }

    @ParameterizedTest
    @MethodSource("builtJars")
    void shouldPublishAPomWithoutManagedVersions(String module) {
        Document pom = flattened(module);

        assertThat(texts(pom, "/project/dependencyManagement")).isEmpty();
        assertThat(texts(pom, "/project/dependencies/dependency/version"))
                .hasSameSizeAs(texts(pom, "/project/dependencies/dependency"));
    }

    @Test
    void shouldBringNothingAlongWithPlainJava() {
        assertThat(broughtAlong("lox-sync")).isEmpty();
    }

    @Test
    void shouldBringAlongWhatTheAdaptersStandOn() {
        assertThat(broughtAlong("lox-reactor")).containsExactlyInAnyOrder("lox-sync", "reactor-core");
        assertThat(broughtAlong("lox-rxjava")).containsExactlyInAnyOrder("lox-sync", "rxjava");
    }

    @Test
    void shouldBringOneJarAlongWithACluster() {
        Assumptions.assumeTrue(built().contains("lox-cluster"));
        assertThat(broughtAlong("lox-cluster")).containsExactlyInAnyOrder("lox-sync", "jgroups");
    }

    private static List<String> broughtAlong(String module) {
        return texts(
                flattened(module),
                "/project/dependencies/dependency[not(optional='true') and not(scope='provided')]/artifactId");
    }

    @ParameterizedTest
    @MethodSource("builtJars")
    void shouldCarryTheLicense(String module) {
        assertThat(ROOT.resolve(module).resolve("target/classes/META-INF/LICENSE"))
                .hasSameBinaryContentAs(ROOT.resolve("LICENSE"));
    }

    // ---- poms ------------------------------------------------------------------------------------------------------

    private static Document flattened(String module) {
        return pom(ROOT.resolve(module).resolve(FLATTENED));
    }

    private static Document pom(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        } catch (Exception unreadable) {
            throw new AssertionError(file + " cannot be read", unreadable);
        }
    }

    private static List<String> texts(Document pom, String path) {
        try {
            XPath xpath = XPathFactory.newInstance().newXPath();
            NodeList nodes = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
            Stream<Node> all = IntStream.range(0, nodes.getLength()).mapToObj(nodes::item);
            return all.map(node -> Objects.requireNonNull(node.getTextContent()).strip())
                    .toList();
        } catch (XPathExpressionException wrong) {
            throw new AssertionError(path, wrong);
        }
    }
}
