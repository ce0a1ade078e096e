package lox.cluster.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Files with what proves who belongs to a cluster: tokens, passwords and key stores. */
public final class SecretFiles {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFiles() {}

    /**
     * Reads a secret text: the whole file but for white space at both ends.
     *
     * @param file which only its owner may read
     * @param what names it in messages
     * @return the text, not empty
     * @throws BadInputException if it is not there, is empty, or others may read it
     */
    public static String readText(Path file, String what) {
        try {
            checkOwner(file, what);
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
                throw new BadInputException(what + " " + file + " is empty");
            }
            return text;
        } catch (IOException unreadable) {
            throw new BadInputException(what + " " + file + " cannot be read: " + describe(unreadable), unreadable);
        }
    }

    private static void checkOwner(Path file, String what) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(what + " " + file + " is not there");
        }
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            permissions.retainAll(OF_OTHERS);
            if (!permissions.isEmpty()) {
                throw new BadInputException(what + " " + file + " can be read or written by others: chmod 600 " + file);
            }
        }
    }

    /**
     * Makes TLS of a PKCS12 key store: its key is shown to others, and the certificates that it has are trusted, also
     * as issuers.
     *
     * @param file the key store, which only its owner may read
     * @param password of the store and the key
     * @return what makes connections
     * @throws BadInputException if it cannot be read
     */
    public static SSLContext readKeyStore(Path file, String password) {
        char[] characters = password.toCharArray();
        try {
            checkOwner(file, "key store");
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, characters);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, characters);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(certificates(store, file));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new BadInputException("key store " + file + " cannot be used: " + describe(unusable), unusable);
        } finally {
            Arrays.fill(characters, ' ');
        }
    }

    private static KeyStore certificates(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        boolean hasKey = false;
        for (String alias : Collections.list(store.aliases())) {
            hasKey |= store.isKeyEntry(alias);
            trusted.setCertificateEntry(alias, store.getCertificate(alias));
        }
        if (!hasKey) {
            throw new BadInputException("key store " + file + " has no key");
        }
        return trusted;
    }

    private static String describe(Exception failed) {
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }
}
