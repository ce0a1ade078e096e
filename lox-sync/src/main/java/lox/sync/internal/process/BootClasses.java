package lox.sync.internal.process;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * lox's own classes as a jar that a child JVM can start from, for programs where lox lies in no such place: inside
 * another jar, or in a class loader of some framework. Starting from a few classes, it follows the names in the class
 * files' constant pools.
 */
final class BootClasses {
    private static final String OWN = "lox/sync/";

    /** From here all others are reached; a test says if one is not. */
    private static final List<String> ROOTS = List.of(
            "lox/sync/internal/process/WorkerMain",
            "lox/sync/Lox",
            "lox/sync/Announcement",
            "lox/sync/Funnel",
            "lox/sync/lock/QLock",
            "lox/sync/lock/RWLock",
            "lox/sync/lock/LightSwitch",
            "lox/sync/lock/IndexSemaphore",
            "lox/sync/lock/WeightedSemaphore",
            "lox/sync/lock/KeyedLock",
            // the adapters'
            "lox/sync/internal/adapter/EngineAccess",
            "lox/sync/internal/lock/LockedBody",
            "lox/sync/internal/schedule/RemoteExecutor",
            "lox/sync/internal/map/Mapping",
            "lox/sync/internal/blockhound/LoxBlockHoundIntegration",
            "lox/sync/internal/process/LocalWorkers", // lox-cluster's
            "lox/sync/JoinOfTwo",
            "lox/sync/JoinOfThree",
            "lox/sync/JoinOfFour");

    private BootClasses() {}

    /** Writes the jar. */
    static Path writeTo(Path directory, ClassLoader loader) throws IOException {
        Path jar = directory.resolve("lox-sync.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> type : collect(loader).entrySet()) {
                out.putNextEntry(new JarEntry(type.getKey() + ".class"));
                out.write(type.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }

    /** Names, with slashes, and files of all of lox's classes. */
    static Map<String, byte[]> collect(ClassLoader loader) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(ROOTS);
        for (String name = open.poll(); name != null; name = open.poll()) {
            if (!files.containsKey(name)) {
                byte[] file = read(name, loader);
                files.put(name, file);
                addNames(file, open);
            }
        }
        return files;
    }

    private static byte[] read(String name, ClassLoader loader) throws IOException {
        try (InputStream in = loader.getResourceAsStream(name + ".class")) {
            if (in == null) {
                throw new FileNotFoundException(name + ".class: " + loader + " does not give lox's own class files");
            }
            return in.readAllBytes();
        }
    }

    /** Reads the constant pool, chapter 4.4 of the JVM's specification. */
    private static void addNames(byte[] file, Deque<String> names) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
        in.skipNBytes(8);
        int count = in.readUnsignedShort();
        String[] texts = new String[count];
        int[] types = new int[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts[i] = in.readUTF();
                case 7 -> types[i] = in.readUnsignedShort(); // a class, by its name
                case 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 5, 6 -> { // a long or a double takes two places
                    in.skipNBytes(8);
                    i++;
                }
                default -> in.skipNBytes(4);
            }
        }
        for (int type : types) {
            String name = texts[type];
            if (type != 0 && name != null && name.startsWith(OWN)) {
                names.add(name);
            }
        }
    }
}
