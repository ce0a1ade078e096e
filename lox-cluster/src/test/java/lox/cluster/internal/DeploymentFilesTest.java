package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of docs/cluster say what a member understands, and the same in all places. */
class DeploymentFilesTest {
    private static final Path FOLDER = Path.of("..", "docs", "cluster");

    private static Map<?, ?> document(String kind) throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        List<Map<?, ?>> found = new ArrayList<>();
        for (Object document : yaml.loadAll(Files.readString(FOLDER.resolve("kubernetes.yaml")))) {
            if (document instanceof Map<?, ?> map && kind.equals(map.get("kind"))) {
                found.add(map);
            }
        }
        assertThat(found).as(kind).hasSize(1);
        return found.get(0);
    }

    /** What is at a path; a number is a place in a list. */
    private static Object at(Object root, String path) {
        Object found = root;
        for (String step : path.split("/", -1)) {
            Object next =
                    found instanceof List<?> list ? list.get(Integer.parseInt(step)) : ((Map<?, ?>) found).get(step);
            found = Objects.requireNonNull(next, () -> path + ": there is no " + step);
        }
        return found;
    }

    private static Map<?, ?> pod() throws IOException {
        return (Map<?, ?>) at(document("StatefulSet"), "spec/template/spec");
    }

    private static List<String> arguments() throws IOException {
        List<String> arguments = new ArrayList<>();
        for (Object argument : (List<?>) at(pod(), "containers/0/args")) {
            assertThat(argument).as("Kubernetes takes strings alone").isInstanceOf(String.class);
            arguments.add(argument.toString().replace("$(POD_IP)", "127.0.0.1").replace("$(POD_NAME)", "lox-member-0"));
        }
        return arguments;
    }

    private static String value(String option) throws IOException {
        List<String> arguments = arguments();
        return arguments.get(arguments.indexOf(option) + 1);
    }

    private static String dockerLine(String instruction) throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("Dockerfile")).stream()
                .filter(line -> line.startsWith(instruction + " "))
                .toList();
        assertThat(lines).as(instruction).hasSize(1);
        return lines.get(0).substring(instruction.length() + 1);
    }

    @Test
    void shouldStartAMemberWithOptionsThatItKnows() throws IOException {
        List<String> arguments = arguments();
        assertThat(arguments).noneMatch(argument -> argument.contains("$("));
        assertThat(MemberArguments.parse(arguments.toArray(new String[0])).endsWithInput())
                .isFalse();
    }

    @Test
    void shouldSayTheSamePortsEverywhere() throws IOException {
        int port = Endpoint.parse(value("--bind"), 0).port();
        List<Integer> ports = List.of(port, port + 1);
        assertThat(Endpoint.parse(value("--join"), 0).port()).isEqualTo(port);
        for (int i = 0; i < 2; i++) {
            assertThat(at(document("Service"), "spec/ports/" + i + "/port")).isEqualTo(ports.get(i));
            assertThat(at(pod(), "containers/0/ports/" + i + "/containerPort")).isEqualTo(ports.get(i));
        }
        assertThat(dockerLine("EXPOSE")).isEqualTo(port + " " + (port + 1));
    }

    @Test
    void shouldFindMembersByTheHeadlessService() throws IOException {
        Map<?, ?> service = document("Service");
        assertThat(at(service, "spec/clusterIP")).isEqualTo("None");
        assertThat(at(service, "metadata/name"))
                .isEqualTo(Endpoint.parse(value("--join"), 0).host())
                .isEqualTo(at(document("StatefulSet"), "spec/serviceName"));
        assertThat(at(service, "spec/selector")).isEqualTo(at(document("StatefulSet"), "spec/selector/matchLabels"));
        assertThat(at(service, "spec/selector"))
                .isEqualTo(at(document("StatefulSet"), "spec/template/metadata/labels"));
    }

    @Test
    void shouldDrainBeforeItIsKilled() throws IOException {
        assertThat((Integer) at(pod(), "terminationGracePeriodSeconds"))
                .isGreaterThan(Integer.parseInt(value("--drain-seconds")) + 5);
    }

    /** Secrets are where the init container puts them, which mounts the same volume. */
    @Test
    void shouldReadSecretsThatAreThere() throws IOException {
        String copy = at(pod(), "initContainers/0/command/2").toString();
        for (String option : List.of("--token-file", "--keystore", "--keystore-password-file")) {
            Path file = Path.of(value(option));
            assertThat(file.getParent()).hasToString("/secrets");
            assertThat(copy).startsWith("umask 077").contains("/mounted/" + file.getFileName());
        }
        assertThat(at(pod(), "containers/0/volumeMounts/0/mountPath")).isEqualTo("/secrets");
        assertThat(at(pod(), "containers/0/volumeMounts/0/name"))
                .isEqualTo(at(pod(), "initContainers/0/volumeMounts/1/name"));
    }

    @Test
    void shouldRunWithoutRights() throws IOException {
        assertThat(at(pod(), "securityContext/runAsNonRoot")).isEqualTo(true);
        assertThat(dockerLine("USER"))
                .isEqualTo(at(pod(), "securityContext/runAsUser").toString());
        for (String container : List.of("containers/0", "initContainers/0")) {
            assertThat(at(pod(), container + "/securityContext/readOnlyRootFilesystem"))
                    .isEqualTo(true);
            assertThat(at(pod(), container + "/securityContext/allowPrivilegeEscalation"))
                    .isEqualTo(false);
        }
        assertThat(at(pod(), "containers/0/volumeMounts/1/mountPath")).isEqualTo("/tmp");
    }

    @Test
    void shouldStartTheMemberInTheImage() throws IOException {
        Matcher entry =
                Pattern.compile("\\[\"java\", \"-jar\", \"(.*/)(.*\\.jar)\"]").matcher(dockerLine("ENTRYPOINT"));
        assertThat(entry.matches())
                .as("not by a shell, which would keep SIGTERM")
                .isTrue();
        assertThat(dockerLine("COPY")).isEqualTo(entry.group(2) + " " + entry.group(1));
    }
}
