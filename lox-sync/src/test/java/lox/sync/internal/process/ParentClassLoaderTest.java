package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import lox.sync.process.Codec;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A child's class loader, in this JVM, with the parent's class files behind it. */
class ParentClassLoaderTest {
    private static final String DOUBLER = """
            package made;
            public class Doubler implements java.util.function.Function<Integer, Integer>, java.io.Serializable {
                public Integer apply(Integer i) { return Helper.twice(i); }
                public static java.util.function.Function<Integer, Integer> lambda(int more) {
                    return (java.util.function.Function<Integer, Integer> & java.io.Serializable) i -> Helper.twice(i) + more;
                }
            }
            class Helper { static int twice(int i) { return 2 * i; } }
            """;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final SeenClassLoaders loaders = new SeenClassLoaders();
    private final ClassFileFinder files = new ClassFileFinder(loaders);

    private Object inAChild(Object value) throws IOException {
        WireWriter writer = new WireWriter();
        new ValueCodec(Codec.javaSerialization(), loaders.together(), loaders::remember, null)
                .ofFunctions()
                .write(value, writer, "the function");
        ClassLoader child = new ParentClassLoader(ParentClassLoaderTest.class.getClassLoader(), name -> {
            asked.add(name);
            return files.find(name);
        });
        ValueCodec values = new ValueCodec(Codec.javaSerialization(), child, null, null).ofFunctions();
        return Objects.requireNonNull(values.read(new WireReader(writer.toByteArray()), "the function"));
    }

    @SuppressWarnings("unchecked")
    private static int call(Object function, int argument) {
        return ((Function<Integer, Integer>) function).apply(argument);
    }

    @Test
    void shouldServeAClassThatExistsInMemoryAlone() throws Exception {
        Class<?> type = InMemory.compile("made.Doubler", DOUBLER).loadClass("made.Doubler");

        Object copy = inAChild(type.getConstructor().newInstance());

        assertThat(copy.getClass()).isNotSameAs(type).hasSameHashCodeAs(copy.getClass());
        assertThat(copy.getClass().getName()).isEqualTo("made.Doubler");
        assertThat(call(copy, 21)).isEqualTo(42);
        assertThat(asked).containsExactly("made/Doubler.class", "made/Helper.class");
    }

    @Test
    void shouldServeTheClassThatALambdaComesFrom() throws Exception {
        Object lambda = InMemory.compile("made.Doubler", DOUBLER)
                .loadClass("made.Doubler")
                .getMethod("lambda", int.class)
                .invoke(null, 8);

        assertThat(call(inAChild(lambda), 21)).isEqualTo(50);
    }

    @Test
    void shouldServeResources() throws IOException {
        ClassLoader child = new ParentClassLoader(
                ClassLoader.getPlatformClassLoader(),
                name -> name.equals("words.txt") ? "one\ntwo".getBytes(StandardCharsets.UTF_8) : null);

        try (InputStream in = child.getResourceAsStream("words.txt")) {
            assertThat(Objects.requireNonNull(in).readAllBytes()).asString().isEqualTo("one\ntwo");
        }
        assertThat(child.getResources("words.txt").hasMoreElements()).isTrue();
        assertThat(child.getResource("other.txt")).isNull();
    }

    @Test
    void shouldSayOfAClassThatNobodyHasWhereItWasLookedFor() {
        ClassLoader child = new ParentClassLoader(ClassLoader.getPlatformClassLoader(), files::find);

        assertThatThrownBy(() -> child.loadClass("no.such.Type"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("no.such.Type")
                .hasMessageContaining("no class loader of the parent gives its file");
    }

    @Test
    void shouldKeepNoLoaderAlive() throws Exception {
        int before = loaders.all().size();
        remember();
        assertThat(loaders.all()).hasSize(before + 1);

        Patience.until("the loader has gone", () -> {
            System.gc();
            return loaders.all().size() == before;
        });
    }

    private void remember() throws Exception {
        loaders.remember(InMemory.compile("made.Doubler", DOUBLER).loadClass("made.Doubler"));
    }

    /** A loader as tools have it that compile while they run. */
    static final class InMemory extends ClassLoader {
        private final Map<String, byte[]> files;

        private InMemory(Map<String, byte[]> files) {
            super(InMemory.class.getClassLoader());
            this.files = files;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = files.get(name.replace('.', '/') + ".class");
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            byte[] file = files.get(name);
            return file == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(file);
        }

        byte[] file(String name) {
            return Objects.requireNonNull(files.get(name));
        }

        static InMemory compile(String name, String source) throws IOException {
            Map<String, byte[]> files = new ConcurrentHashMap<>();
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            try (var manager = new Collecting(compiler.getStandardFileManager(null, null, null), files)) {
                URI place = URI.create("memory:///" + name.replace('.', '/') + ".java");
                JavaFileObject unit = new SimpleJavaFileObject(place, JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
                assertThat(compiler.getTask(null, manager, null, List.of("-proc:none"), null, List.of(unit))
                                .call())
                        .isTrue();
            }
            return new InMemory(files);
        }
    }

    private static final class Collecting extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, byte[]> files;

        Collecting(JavaFileManager manager, Map<String, byte[]> files) {
            super(manager);
            this.files = files;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            String name = className.replace('.', '/') + ".class";
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public ByteArrayOutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            files.put(name, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
