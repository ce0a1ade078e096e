package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import lox.sync.Task;
import lox.sync.process.Codec;
import lox.sync.process.SerializationException;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LambdaCodecTest {
    private static final String OBJECT_STREAM = "java.lang.invoke.SerializedLambda";

    private final Set<Class<?>> seen = new HashSet<>();
    private final ValueCodec values = with(null).ofFunctions();

    private ValueCodec with(@Nullable ObjectInputFilter filter) {
        return new ValueCodec(Codec.javaSerialization(), LambdaCodecTest.class.getClassLoader(), seen::add, filter);
    }

    private byte[] written(Object function) {
        WireWriter writer = new WireWriter();
        values.write(function, writer, "the function");
        return writer.toByteArray();
    }

    private static boolean isObjectStream(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(OBJECT_STREAM);
    }

    private Object read(byte[] bytes) throws IOException {
        return Objects.requireNonNull(values.read(new WireReader(bytes), "the function"));
    }

    @SuppressWarnings("unchecked")
    private Task<Integer, Integer> readTask(byte[] bytes) throws IOException {
        return (Task<Integer, Integer>) read(bytes);
    }

    // ---- what goes without object streams --------------------------------------------------------------------------

    private static int twice(int i) {
        return 2 * i;
    }

    static final class Adder implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int more;

        Adder(int more) {
            this.more = more;
        }

        int add(int i) {
            return i + more;
        }
    }

    static Stream<Task<Integer, Integer>> functions() {
        String text = "seven!!";
        long wide = 3;
        double fraction = 2.5;
        boolean truth = true;
        char letter = 'x';
        byte small = 1;
        short medium = 2;
        float single = 0.5f;
        Integer boxed = 1;
        String none = null;
        List<Integer> list = List.of(4, 5);
        Task<Integer, Integer> inner = i -> i * text.length();
        return Stream.of(
                i -> i + 4,
                i -> i + text.length() - 3,
                i -> (int) (i + wide + fraction + single + small + medium + boxed) - (truth ? 6 : 0) + (letter - 'x'),
                i -> none == null ? i + 4 : i,
                i -> i + list.get(0),
                i -> inner.call(i) - 14 + 2 * text.length() - 18,
                LambdaCodecTest::twice,
                new Adder(4)::add);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void shouldTravelWithoutAnObjectStreamOfItsOwn(Task<Integer, Integer> function) throws Exception {
        byte[] bytes = written(function);

        Task<Integer, Integer> copy = readTask(bytes);

        assertThat(isObjectStream(bytes)).isFalse();
        assertThat(copy).isNotSameAs(function);
        for (int i = 0; i < 5; i++) {
            assertThat(copy.call(i)).isEqualTo(function.call(i));
        }
        assertThat(seen).anySatisfy(type -> assertThat(type.getName()).startsWith(LambdaCodecTest.class.getName()));
    }

    @Test
    void shouldTravelInAnotherLambdaAsOneOfLoxDoes() throws Exception {
        int more = 7;
        Task<Integer, Integer> task = i -> i + more;
        Work<Integer, Integer> work = task::call;
        byte[] bytes = written(work);

        @SuppressWarnings("unchecked")
        Work<Integer, Integer> copy = (Work<Integer, Integer>) read(bytes);

        assertThat(isObjectStream(bytes)).isFalse();
        assertThat(copy.run(1)).isEqualTo(8);
    }

    // ---- what goes by Java serialization ---------------------------------------------------------------------------

    @Test
    void shouldKeepWhatTwoCapturedObjectsShare() throws Exception {
        List<Integer> shared = new ArrayList<>();
        List<List<Integer>> first = new ArrayList<>(List.of(shared));
        List<List<Integer>> second = new ArrayList<>(List.of(shared));
        Task<Integer, Integer> task = i -> {
            first.get(0).add(i);
            return second.get(0).size();
        };
        byte[] bytes = written(task);

        Task<Integer, Integer> copy = readTask(bytes);

        assertThat(isObjectStream(bytes)).isTrue();
        assertThat(copy.call(1)).isEqualTo(1);
        assertThat(copy.call(1)).isEqualTo(2);
    }

    @Test
    void shouldLeaveToJavaSerializationWhatIsNoLambda() throws Exception {
        Object copy = read(written(new Adder(3)));

        assertThat(((Adder) copy).add(1)).isEqualTo(4);
    }

    @Test
    void shouldSayWhatALambdaThatIsNotSerializableIs() {
        Runnable runnable = () -> {};

        assertThatThrownBy(() -> written(runnable))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("the function cannot be sent to another JVM: lambda in LambdaCodecTest")
                .hasMessageEndingWith("is not serializable");
    }

    @Test
    void shouldNotBeWrittenByOthersThanFunctions() {
        Task<Integer, Integer> task = i -> i;
        WireWriter writer = new WireWriter();
        with(null).write(task, writer, "the result");

        assertThat(isObjectStream(writer.toByteArray())).isTrue(); // for the parent's filter to see
    }

    // ---- what cannot be read ---------------------------------------------------------------------------------------

    @Test
    void shouldNotBeReadWhereNoFunctionIsDueOrItWouldPassTheFilter() {
        Task<Integer, Integer> task = i -> i;
        byte[] bytes = written(task);

        for (ObjectInputFilter filter : new ObjectInputFilter[] {null, info -> ObjectInputFilter.Status.ALLOWED}) {
            assertThatThrownBy(() -> with(filter).read(new WireReader(bytes), "the result"))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageStartingWith("the result cannot be read in this JVM")
                    .hasCauseInstanceOf(StreamCorruptedException.class);
        }
    }

    @Test
    void shouldSayThatTheClassIsNotThere() {
        Task<Integer, Integer> task = i -> i;
        byte[] bytes = written(task);
        ValueCodec elsewhere = new ValueCodec(
                        Codec.javaSerialization(), ClassLoader.getPlatformClassLoader(), null, null)
                .ofFunctions();

        assertThatThrownBy(() -> elsewhere.read(new WireReader(bytes), "the function"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(LambdaCodecTest.class.getName())
                .hasCauseInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void shouldSayThatTheClassHasNoSuchLambda() {
        Task<Integer, Integer> task = i -> i;
        byte[] bytes = written(task);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int name = text.indexOf("lambda$should");
        bytes[name + "lambda$".length()] = 'z'; // as if the class there were an older one

        assertThatThrownBy(() -> values.read(new WireReader(bytes), "the function"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("a lambda in " + LambdaCodecTest.class.getName())
                .hasCauseInstanceOf(InvalidObjectException.class);
    }
}
