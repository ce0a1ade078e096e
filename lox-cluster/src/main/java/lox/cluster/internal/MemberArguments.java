package lox.cluster.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of the {@code LoxMember} command. Each option stands once; those that take a value are followed by
 * it.
 */
public final class MemberArguments {
    /** What the command prints if it is asked for help. */
    public static final String USAGE = String.join(
            System.lineSeparator(),
            "Usage: java -jar lox-member.jar [options]",
            "  --bind HOST[:PORT]              the address to listen on (127.0.0.1:7800; port 0: one that is free)",
            "  --data-port PORT                where programs reach its workers (the port of --bind + 1)",
            "  --join HOST:PORT,...            where other members may be (none: the first one)",
            "  --slots N                       how many workers it runs at once (one for each processor)",
            "  --name NAME                     what it is called in messages (its host name)",
            "  --token-file FILE               the secret that all nodes share; - for the first line of standard input",
            "  --keystore FILE                 PKCS12: the key it shows, and the certificates it trusts",
            "  --keystore-password-file FILE",
            "  --without-tls                   lets connections without TLS leave this machine",
            "  --drain-seconds N               how long workers may go on at SIGTERM (30)",
            "  --until-end-of-input            ends when its standard input does");

    private static final String DEFAULT_BIND = "127.0.0.1";
    private static final int DEFAULT_PORT = 7800;
    private static final int DEFAULT_DRAIN_SECONDS = 30;
    private static final int FIRST_JOIN_MILLIS = 1;
    private static final int JOIN_MILLIS = 5_000;
    private static final Set<String> FLAGS = Set.of("--without-tls", "--until-end-of-input");
    private static final Set<String> WITH_VALUE = Set.of(
            "--bind",
            "--data-port",
            "--join",
            "--slots",
            "--name",
            "--token-file",
            "--keystore",
            "--keystore-password-file",
            "--drain-seconds");

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();

    private MemberArguments() {}

    /**
     * Reads them.
     *
     * @param arguments as the main method gets them
     * @return the options
     * @throws BadInputException if one is unknown, stands twice, or has no value
     */
    public static MemberArguments parse(String... arguments) {
        MemberArguments parsed = new MemberArguments();
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        for (String option = left.poll(); option != null; option = left.poll()) {
            boolean isNew;
            if (FLAGS.contains(option)) {
                isNew = parsed.flags.add(option);
            } else if (WITH_VALUE.contains(option)) {
                String value = left.poll();
                if (value == null) {
                    throw new BadInputException(option + " needs a value");
                }
                isNew = parsed.values.put(option, value) == null;
            } else {
                throw new BadInputException("there is no option " + option);
            }
            if (!isNew) {
                throw new BadInputException(option + " stands twice");
            }
        }
        return parsed;
    }

    /**
     * Whether the member ends with its standard input.
     *
     * @return true if that was asked for
     */
    public boolean endsWithInput() {
        return flags.contains("--until-end-of-input");
    }

    /**
     * Reads the files that they name, and makes settings of all.
     *
     * @param input standard input, for a token
     * @param hostName the name of this machine
     * @return the settings
     * @throws BadInputException if something cannot be used
     * @throws IOException if standard input cannot be read
     */
    public MemberSettings toSettings(InputStream input, String hostName) throws IOException {
        Endpoint bind = Endpoint.parse(value("--bind", DEFAULT_BIND), DEFAULT_PORT);
        String join = values.get("--join");
        int dataPort = number("--data-port", bind.port() == 0 ? 0 : bind.port() + 1);
        if (dataPort < 0 || dataPort > 65_535) {
            throw new BadInputException("--data-port " + dataPort + " is no port");
        }
        NodeSettings node = new NodeSettings(
                value("--name", hostName),
                bind,
                join == null ? List.of() : Endpoint.parseAll(join),
                token(input),
                tls(),
                flags.contains("--without-tls"),
                join == null ? FIRST_JOIN_MILLIS : JOIN_MILLIS);
        int slots = number("--slots", Runtime.getRuntime().availableProcessors());
        int drainSeconds = number("--drain-seconds", DEFAULT_DRAIN_SECONDS);
        if (drainSeconds < 0) {
            throw new BadInputException("--drain-seconds must be 0 or more, but was " + drainSeconds);
        }
        return new MemberSettings(node, dataPort, slots, Duration.ofSeconds(drainSeconds));
    }

    private String value(String option, String otherwise) {
        return values.getOrDefault(option, otherwise);
    }

    private int number(String option, int otherwise) {
        String text = values.get(option);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException none) {
            throw new BadInputException(option + " \"" + text + "\" is no number", none);
        }
    }

    private @Nullable String token(InputStream input) throws IOException {
        String file = values.get("--token-file");
        if (file == null) {
            return null;
        }
        if (!file.equals("-")) {
            return SecretFiles.readText(Path.of(file), "token file");
        }
        String line = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
        if (line == null || line.isBlank()) {
            throw new BadInputException("token file -: standard input has no token");
        }
        return line.strip();
    }

    private @Nullable SSLContext tls() {
        String store = values.get("--keystore");
        String password = values.get("--keystore-password-file");
        if ((store == null) != (password == null)) {
            throw new BadInputException("--keystore and --keystore-password-file need each other");
        }
        return store == null || password == null
                ? null
                : SecretFiles.readKeyStore(
                        Path.of(store), SecretFiles.readText(Path.of(password), "key store password file"));
    }
}
