package lox.contract;

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
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The modules that a release publishes, as the poms say, and what poms say of them. */
final class PublishedModules {
    static final Path ROOT = Path.of("..", "..");
    static final String BOM = "lox-bom";

    private PublishedModules() {}

    /** The folders of all of them, that of the BOM too. */
    static List<String> all() {
        return texts(pom(ROOT.resolve("pom.xml")), "/project/modules/module").stream()
                .filter(PublishedModules::isDeployed)
                .toList();
    }

    /** Those that have a jar. */
    static List<String> withJars() {
        return all().stream().filter(module -> !module.equals(BOM)).toList();
    }

    private static boolean isDeployed(String module) {
        return !texts(pomOf(module), "/project/properties/maven.deploy.skip").contains("true");
    }

    static Document pomOf(String module) {
        return pom(ROOT.resolve(module).resolve("pom.xml"));
    }

    static Document pom(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        } catch (Exception unreadable) {
            throw new AssertionError(file + " cannot be read", unreadable);
        }
    }

    /** The texts of all elements at that XPath. */
    static List<String> texts(Document pom, String path) {
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
