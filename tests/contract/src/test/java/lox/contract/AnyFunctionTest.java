package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lox.contract.FunctionForms.Effects;
import lox.sync.Workers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * "Any function" of the guide: of two, three and no arguments, without a result, and given one by one; as a lambda and as
 * a method reference; in each library, on threads and in a child JVM, which all of them share.
 */
class AnyFunctionTest {
    private enum Place {
        THREAD,
        CHILD_JVM;

        Workers workers() {
            return this == THREAD ? thread : childJvm;
        }
    }

    private static final List<FunctionForms> LIBRARIES =
            List.of(new FormsInPlainJava(), new FormsInReactor(), new FormsInRxJava());

    private static Workers thread = Workers.inline().build();
    private static Workers childJvm = thread;

    @BeforeAll
    static void open() {
        thread = Workers.threads(1).build();
        childJvm = SharedProcesses.take(1);
    }

    @AfterAll
    static void leave() {
        thread.close();
        SharedProcesses.giveBack(1, childJvm);
    }

    private static Stream<Arguments> everywhere() {
        return LIBRARIES.stream()
                .flatMap(forms -> Arrays.stream(Place.values()).map(place -> Arguments.of(forms, place)));
    }

    private static Stream<FunctionForms> libraries() {
        return LIBRARIES.stream();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldTakeTwoArguments(FunctionForms forms, Place place) {
        List<String> expected = List.of("loxlox", "!!!");
        assertThat(forms.ofTwoArguments(place.workers())).containsExactly(expected, expected);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldTakeARecordOfThreeArguments(FunctionForms forms, Place place) {
        List<Double> expected = List.of(3.0, 6.0);
        assertThat(forms.ofThreeArguments(place.workers())).containsExactly(expected, expected);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldTakeCallsOfNoArgument(FunctionForms forms, Place place) {
        List<Integer> expected = List.of(35, 3, 42);
        assertThat(forms.ofNoArgument(place.workers(), 5, 7)).containsExactly(expected, expected);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldTakeCallablesOneByOne(FunctionForms forms, Place place) {
        assertThat(forms.callables(place.workers(), 5, 7)).containsExactly(35, 42);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldTakeActionsWithoutAResult(FunctionForms forms, Place place) {
        List<Boolean> expected = List.of(true, true);
        assertThat(forms.withoutResult(place.workers(), 3)).containsExactly(expected, expected);
        assertRanThere(forms, place, 2 * (3 + 10));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldTakeRunnablesOneByOne(FunctionForms forms, Place place) {
        assertThat(forms.runnables(place.workers(), 3)).containsExactly(true, true);
        assertRanThere(forms, place, 3 + 10);
    }

    private static void assertRanThere(FunctionForms forms, Place place, int sum) {
        if (place == Place.CHILD_JVM) {
            assertThat(Effects.take()).as("in this JVM").isZero();
        }
        assertThat(forms.takeEffects(place.workers())).isEqualTo(sum);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void shouldTakeTheTypesOfTheJdkInThreads(FunctionForms forms) {
        assertThat(forms.ofTheJdk(thread)).containsExactly(List.of(42, 42), List.of(true, true));
        assertThat(Effects.take()).isEqualTo(20);
    }

    /** They cannot travel, and the failure says which class it is that cannot. */
    @ParameterizedTest
    @MethodSource("libraries")
    void shouldSayThatTheTypesOfTheJdkCannotTravel(FunctionForms forms) {
        assertThatThrownBy(() -> forms.ofTheJdk(childJvm))
                .hasStackTraceContaining("NotSerializableException")
                .hasStackTraceContaining(forms.getClass().getSimpleName());
        assertThat(forms.callables(childJvm, 1, 2)).as("the child goes on").containsExactly(2, 42);
    }
}
