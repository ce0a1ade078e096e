package lox.benchmarks.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import lox.cluster.Cluster;
import lox.cluster.LoxMember;

/** A member on this machine that speaks TLS. The program shows the same certificate. */
final class TlsMember implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final Pattern READY = Pattern.compile("lox member ready, control port (\\d+), data port \\d+");

    private final Process process;
    private final Path keyStore;
    private final int port;

    private TlsMember(Process process, Path keyStore, int port) {
        this.process = process;
        this.keyStore = keyStore;
        this.port = port;
    }

    static TlsMember start(Path directory, int slots) throws IOException, InterruptedException {
        Path keyStore = directory.resolve("node.p12");
        new ProcessBuilder(
                        java("keytool"),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "node",
                        "-dname",
                        "CN=node",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keyStore.toString())
                .inheritIO()
                .start()
                .waitFor();
        Path password = directory.resolve("password");
        Files.writeString(password, PASSWORD);
        for (Path secret : List.of(keyStore, password)) {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        }
        List<String> command = new ArrayList<>(List.of(
                java("java"),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoxMember.class.getName()));
        command.addAll(List.of("--bind", "127.0.0.1:0", "--slots", Integer.toString(slots)));
        command.addAll(List.of("--keystore", keyStore.toString(), "--keystore-password-file", password.toString()));
        command.add("--until-end-of-input");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        for (String line = process.inputReader().readLine();
                line != null;
                line = process.inputReader().readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                return new TlsMember(process, keyStore, Integer.parseInt(ready.group(1)));
            }
        }
        throw new IOException("the member has ended before it was ready");
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    Cluster join() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return Cluster.builder().seeds("127.0.0.1:" + port).tls(context).join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
