package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of the JDK that Java serialization does not take travel all the same. */
class SubstitutesTest {
    private static final Workers JVMS = Workers.processes(1).build();

    @TempDir
    private Path directory;

    @AfterAll
    static void close() {
        JVMS.close();
    }

    @SuppressWarnings("serial") // which is what this is about
    record Holder(
            Path path,
            Optional<Path> optional,
            List<?> list,
            @Nullable NavigableSet<String> set) implements Serializable {}

    @SuppressWarnings("JdkObsolete") // a linked list is one of the kinds
    private static Stream<Arguments> values() {
        List<Integer> numbers = List.of(1, 2, 3, 4);
        Map<String, Integer> map = new HashMap<>(Map.of("a", 1, "b", 2));
        TreeMap<String, Integer> tree = new TreeMap<>(map);
        Path path = Path.of("some", "größe", "file");
        return Stream.of(
                        path,
                        Path.of("/"),
                        Path.of(""),
                        List.of(path, path),
                        new ArrayList<>(List.of(path)),
                        Map.of(path, Optional.of(path)),
                        new Path[] {path},
                        Optional.of("text"),
                        Optional.empty(),
                        Optional.of(Optional.of(path)),
                        OptionalInt.of(4),
                        OptionalInt.empty(),
                        OptionalLong.of(-1L << 40),
                        OptionalLong.empty(),
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        numbers.subList(1, 3),
                        new ArrayList<>(numbers).subList(1, 3),
                        new LinkedList<>(numbers).subList(1, 3),
                        Arrays.asList(1, 2).subList(0, 1),
                        Arrays.asList(path, null),
                        Stream.of(path, path).toList(),
                        Stream.of(path, null).toList(),
                        map.keySet(),
                        tree.keySet(),
                        tree.descendingMap().keySet(),
                        tree.headMap("b"),
                        Collections.unmodifiableSet(map.keySet()),
                        new ConcurrentHashMap<>(map).keySet(),
                        new EnumMap<>(Map.of(TimeUnit.DAYS, path)).keySet(),
                        Map.entry(path, 1),
                        map.entrySet().iterator().next(),
                        map.entrySet(),
                        tree.firstEntry(),
                        Collections.nCopies(3, path),
                        new Holder(path, Optional.of(path), numbers.subList(0, 2), tree.navigableKeySet()),
                        new Holder(path, Optional.empty(), List.of(), null))
                .map(value -> Arguments.of(value.getClass().getSimpleName(), value));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void shouldTravelThereAndBack(String type, Object value) {
        Scatter<Object, Object> same = Lox.on(JVMS, argument -> argument);
        same.scatter(value);
        Object back = same.gather().get(0);
        if (value instanceof Object[] array) {
            assertThat((Object[]) back).isEqualTo(array);
        } else {
            assertThat(back).isEqualTo(value).hasToString(value.toString());
        }
    }

    @Test
    void shouldTravelWithTheFunction() {
        Path captured = directory.resolve("captured");
        Optional<Path> another = Optional.of(directory);
        Scatter<Path, String> function = Lox.on(JVMS, path -> captured + " " + another + " " + path);
        function.scatter(Path.of("here"));
        assertThat(function.gather()).containsExactly(captured + " " + another + " here");

        Scatter<Integer, String> bare = Lox.on(JVMS, ignored -> captured.toString());
        bare.scatter(1);
        assertThat(bare.gather()).containsExactly(captured.toString());
    }

    /** As the documentation of the builder has it. */
    @Test
    void shouldReadAFileThatIsNamedByItsPath() throws Exception {
        Path file = Files.writeString(directory.resolve("picture"), "pixels");
        Scatter<Path, byte[]> read = Lox.on(JVMS, Files::readAllBytes);
        read.scatter(file);
        assertThat(read.gather()).containsExactly("pixels".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void shouldTravelAsACopyInTheSameOrder() {
        Map<String, Integer> map = new TreeMap<>(Map.of("a", 3, "b", 1, "c", 2));
        Scatter<Collection<Integer>, Collection<Integer>> same = Lox.on(JVMS, values -> values);
        same.scatter(map.values());
        assertThat(same.gather().get(0)).containsExactly(3, 1, 2);
    }

    @Test
    void shouldKeepWhatIsTheSameTheSame() {
        List<@Nullable Object> list = new ArrayList<@Nullable Object>(Arrays.asList(1, null)).subList(0, 2);
        list.set(1, list); // it contains itself
        Scatter<Object, Boolean> look = Lox.on(JVMS, argument -> {
            Object[] pair = (Object[]) argument;
            return pair[0] == pair[1] && ((List<?>) pair[0]).get(1) == pair[0];
        });
        look.scatter(new Object[] {list, list});
        assertThat(look.gather()).containsExactly(true);
    }

    @Test
    void shouldPassAFilterThatKnowsThemNot() {
        try (Workers jvms = Workers.processes(1)
                .resultFilter(ObjectInputFilter.Config.createFilter("java.util.*;java.lang.*;!*"))
                .build()) {
            Scatter<Integer, Object> function = Lox.on(
                    jvms,
                    i -> i == 0
                            ? List.of(Path.of("a"))
                            : Optional.of(new Holder(Path.of("a"), Optional.empty(), List.of(), new TreeSet<>())));
            function.scatter(0);
            assertThat(function.gather()).containsExactly(List.of(Path.of("a")));
            function.scatter(1);
            assertThatThrownBy(function::gather).isInstanceOf(SerializationException.class);
        }
    }

    /** One of another file system means nothing over there. */
    @Test
    void shouldSayWhatDoesNotTravel() throws Exception {
        URI jar = URI.create("jar:" + directory.resolve("a.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Scatter<Object, Object> same = Lox.on(JVMS, argument -> argument);
            same.scatter(new Holder(Path.of("a"), Optional.of(zip.getPath("/inside")), List.of(), null));
            assertThatThrownBy(same::gather)
                    .isInstanceOfSatisfying(
                            SerializationException.class,
                            e -> assertThat(e.path())
                                    .startsWith("Holder.optional")
                                    .contains("ZipPath"));
        }
        Scatter<Object, Object> same = Lox.on(JVMS, argument -> argument);
        same.scatter(Set.of(Optional.of(new Object())));
        assertThatThrownBy(same::gather).isInstanceOf(SerializationException.class);
    }
}
