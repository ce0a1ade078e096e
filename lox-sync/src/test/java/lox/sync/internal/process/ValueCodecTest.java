package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import lox.sync.Task;
import lox.sync.process.Codec;
import lox.sync.process.SerializationException;
import lox.sync.spi.Arguments;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueCodecTest {
    private final Set<Class<?>> seen = new HashSet<>();
    private final ValueCodec values = with(Codec.javaSerialization(), null);
    private final WireWriter writer = new WireWriter();

    private ValueCodec with(Codec codec, @Nullable ObjectInputFilter filter) {
        return new ValueCodec(codec, ValueCodecTest.class.getClassLoader(), seen::add, filter);
    }

    private WireReader sent() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.drainTo(Channels.newChannel(bytes));
        return new WireReader(Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray())));
    }

    static Stream<Object> samples() {
        return Stream.of(
                true,
                false,
                (byte) -3,
                (short) -300,
                'ß',
                -70_000,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                1.5f,
                Float.NaN,
                -0.0d,
                Double.MAX_VALUE,
                "",
                "plain",
                "ÿ \u0000",
                "日本語 \ud83d\ude00",
                "unpaired \ud800!",
                "x".repeat(100_000),
                "語".repeat(100_000),
                new boolean[] {true, false, true},
                new byte[] {1, -1},
                new byte[100_000],
                new short[] {1, -1},
                new char[] {'a', '\ud800'},
                new int[] {1, -1},
                new int[100_000],
                new long[] {1, -1},
                new float[] {1, -1},
                new double[] {1, -1},
                new int[0],
                new int[][] {{1}, {2, 3}},
                new String[][] {{"a"}, {}},
                new Object[] {1, "two", List.of(3)},
                List.of(1, 2, 3),
                new BigDecimal("1.25"),
                LocalDate.of(2026, 11, 22),
                int.class,
                String[].class,
                Thread.State.BLOCKED);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldBringEveryKindOfValueThereAndBack(Object value) throws IOException {
        values.write(value, writer, "the argument");
        values.write(1, writer, "the argument");
        WireReader source = sent();

        assertThat(values.read(source, "the argument"))
                .isExactlyInstanceOf(value.getClass())
                .isEqualTo(value);
        assertThat(values.read(source, "the argument")).isEqualTo(1);
    }

    @Test
    void shouldBringNull() throws IOException {
        values.write(null, writer, "the argument");
        values.write("next", writer, "the argument");
        WireReader source = sent();

        assertThat(values.read(source, "the argument")).isNull();
        assertThat(values.read(source, "the argument")).isEqualTo("next");
    }

    @Test
    void shouldBringTwoArguments() throws IOException {
        values.write(new Arguments<>("a", List.of(1)), writer, "the argument");
        values.write(new Arguments<>(true, new int[] {1}), writer, "the argument");
        WireReader source = sent();

        assertThat(values.read(source, "the argument")).isEqualTo(new Arguments<>("a", List.of(1)));
        assertThat(values.read(source, "the argument")).isInstanceOfSatisfying(Arguments.class, pair -> {
            assertThat(pair.first()).isEqualTo(true);
            assertThat(pair.second()).isEqualTo(new int[] {1});
        });
    }

    @Test
    void shouldPassOverAValue() throws IOException {
        values.write(List.of(1, 2, 3), writer, "the argument");
        values.write(4, writer, "the argument");
        WireReader source = sent();

        ValueCodec.skip(source);

        assertThat(values.read(source, "the argument")).isEqualTo(4);
    }

    @Test
    void shouldBringALambdaWithWhatItCaptures() throws Exception {
        String greeting = "hello ";
        Task<String, String> task = name -> greeting + name;
        values.write(task, writer, "the function");

        @SuppressWarnings("unchecked")
        Task<String, String> copy = (Task<String, String>) Objects.requireNonNull(values.read(sent(), "the function"));

        assertThat(copy.call("you")).isEqualTo("hello you");
        assertThat(seen).contains(ValueCodecTest.class); // whose loader a child would have to ask
    }

    // ---- what cannot be written ------------------------------------------------------------------------------------

    @SuppressWarnings("serial") // on purpose
    static final class Client implements Serializable {
        private static final long serialVersionUID = 1L;
        final transient Object ignored = new Object();
        final Object socket = new Socket();
    }

    @SuppressWarnings("serial") // on purpose
    static final class Job implements Serializable {
        private static final long serialVersionUID = 1L;
        final String name = "job";
        final Object client = new Client();
    }

    @Test
    void shouldNameTheFieldsThatLeadToWhatCannotBeWritten() throws IOException {
        values.write("before", writer, "the argument");
        assertThatThrownBy(() -> values.write(new Job(), writer, "the argument"))
                .isInstanceOf(SerializationException.class)
                .hasMessage("the argument cannot be sent to another JVM: Job.client.socket (java.net.Socket)"
                        + " is not serializable")
                .hasCauseInstanceOf(NotSerializableException.class)
                .extracting(thrown -> ((SerializationException) thrown).path())
                .isEqualTo("Job.client.socket (java.net.Socket)");
        values.write("after", writer, "the argument");

        WireReader source = sent();
        assertThat(values.read(source, "the argument")).isEqualTo("before");
        assertThat(values.read(source, "the argument")).isEqualTo("after");
        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void shouldNameWhatALambdaCaptures() {
        Socket socket = new Socket();
        Task<Integer, Integer> task = i -> i + socket.getPort();

        assertThatThrownBy(() -> values.write(task, writer, "the function"))
                .isInstanceOf(SerializationException.class)
                .hasMessage("the function cannot be sent to another JVM: lambda in ValueCodecTest that captures Socket"
                        + " (java.net.Socket) is not serializable");
    }

    private int ofThis(int i) {
        return i + seen.size();
    }

    @Test
    void shouldNameTheObjectWhoseMethodALambdaCaptures() {
        Task<Integer, Integer> task = this::ofThis;

        assertThatThrownBy(() -> values.write(task, writer, "the function"))
                .hasMessageContaining(
                        "lambda in ValueCodecTest that captures ValueCodecTest (lox.sync.internal.process.ValueCodecTest)");
    }

    @SuppressWarnings({"serial", "UnusedVariable"}) // on purpose
    private static final class Link implements Serializable {
        private static final long serialVersionUID = 1L;
        private final @Nullable Object next;

        Link(@Nullable Object next) {
            this.next = next;
        }
    }

    @Test
    void shouldSurviveAStackOverflowWhileWriting() throws IOException {
        Link link = new Link(null);
        for (int i = 0; i < 200_000; i++) {
            link = new Link(link);
        }
        Link deep = link;

        assertThatThrownBy(() -> values.write(deep, writer, "the argument"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("nested too deeply");
        assertThat(writer.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseTwoGibibytesInSoManyWords() {
        long[] half = new long[1 << 17];
        Object[] same = new Object[2100];
        Arrays.fill(same, half);
        Codec endless = new Codec() {
            private static final long serialVersionUID = 1L;

            @Override
            public void write(Object value, OutputStream out) {
                ((WireWriter) out).reserve(Integer.MAX_VALUE - 8);
            }

            @Override
            public Object read(InputStream in, ClassLoader loader) {
                return in;
            }
        };

        assertThatThrownBy(() -> with(endless, null).write(same, writer, "the result"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("the most is 2 GiB");
        assertThat(writer.isEmpty()).isTrue();
    }

    // ---- what cannot be read ---------------------------------------------------------------------------------------

    static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IllegalStateException("not today");
        }
    }

    @Test
    void shouldReadTheNextValueAfterOneThatCannotBeRead() throws IOException {
        values.write(new Arguments<>(new Unreadable(), List.of("more", "of", "it")), writer, "the argument");
        values.write(List.of(2), writer, "the argument");
        WireReader source = sent();

        assertThatThrownBy(() -> values.read(source, "the argument"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("the argument cannot be read")
                .hasMessageContaining("not today")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(values.read(source, "the argument")).isEqualTo(List.of(2));
    }

    @Test
    void shouldNameAClassThatIsMissing() throws IOException {
        values.write(new Job[0], writer, "the argument");
        ValueCodec elsewhere =
                new ValueCodec(Codec.javaSerialization(), ClassLoader.getPlatformClassLoader(), seen::add, null);

        assertThatThrownBy(() -> elsewhere.read(sent(), "the argument"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("ValueCodecTest$Job")
                .hasCauseInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void shouldLetAFilterRefuseWhatComes() throws IOException {
        ValueCodec filtered = with(Codec.javaSerialization(), ObjectInputFilter.Config.createFilter("java.base/*;!*"));
        filtered.write(new ArrayList<>(List.of(1)), writer, "the result");
        filtered.write(new Link(null), writer, "the result");
        filtered.write("after", writer, "the result");
        WireReader source = sent();

        assertThat(filtered.read(source, "the result")).isEqualTo(List.of(1));
        assertThatThrownBy(() -> filtered.read(source, "the result"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("filter status: REJECTED");
        assertThat(filtered.read(source, "the result")).isEqualTo("after");
    }

    @Test
    void shouldTellOfTheEndOfTheChannelInTheMiddleOfAValue() {
        values.write(List.of(1, 2, 3), writer, "the argument");
        byte[] whole = writer.toByteArray();
        byte[] part = Arrays.copyOf(whole, whole.length - 1);

        assertThatThrownBy(() -> values.read(new WireReader(part), "the argument"))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void shouldUseAnotherCodec() throws IOException {
        Codec names = new Codec() {
            private static final long serialVersionUID = 1L;

            @Override
            public void write(Object value, OutputStream out) throws IOException {
                out.write(value.toString().getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public Object read(InputStream in, ClassLoader loader) throws IOException {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        };
        ValueCodec named = with(names, null);
        named.write(List.of(1, 2), writer, "the argument");
        named.write(7, writer, "the argument");
        WireReader source = sent();

        assertThat(named.read(source, "the argument")).isEqualTo("[1, 2]");
        assertThat(named.read(source, "the argument")).isEqualTo(7);
    }
}
