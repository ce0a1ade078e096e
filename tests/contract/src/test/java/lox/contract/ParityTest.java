package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who knows lox in one library knows it in the other: the same public types, with the same members, but for the library's own types. */
class ParityTest {
    /** A library's word, and what both say of it. */
    private record Word(Pattern inLibrary, String inBoth) {
        static Word of(String pattern, String inBoth) {
            return new Word(Pattern.compile(pattern), inBoth);
        }
    }

    private static final List<Word> WORDS = List.of(
            Word.of("\\b(lox|java|reactor|io\\.reactivex)\\.([a-z0-9]+\\.)*(?=[A-Z])", ""), // packages
            Word.of(
                    "\\bJoinOf(Two|Three|Four)\\b",
                    "Join"), // a function of three to five arguments, which the JDK lacks
            Word.of("\\bFunction[345]\\b", "Join"),
            Word.of("Flux|Flowable", "Stream"),
            Word.of("org\\.reactivestreams\\.Publisher\\b", "One"),
            Word.of("\\b(Mono|Single|Maybe|Completable)(Source)?\\b", "One"),
            Word.of("Mono|Single", "One"));

    /** A scheduler is what the library's own scheduler class demands. */
    private static final Pattern SCHEDULERS_OWN = Pattern.compile(
            "ProcessScheduler\\.(dispose|disposeGracefully|init|isDisposed|scanUnsafe|schedule\\w*|shutdown)\\b.*");

    /** RxJava has three types for at most one value: only Single is compared with Mono. */
    private static final Pattern NAMED_BY_RESULT =
            Pattern.compile("Locks\\.using(Maybe|Completable).*|Lox\\.(a|biA)syncMaybe.*");

    @Test
    void shouldOfferTheSameInReactorAndInRxJava() {
        Set<String> reactor = membersOf("lox.reactor");
        Set<String> rxJava = membersOf("lox.rxjava");
        assertThat(reactor).hasSizeGreaterThan(50);
        assertThat(difference(reactor, rxJava)).as("in Reactor alone").isEmpty();
        assertThat(difference(rxJava, reactor)).as("in RxJava alone").isEmpty();
    }

    private static Set<String> difference(Set<String> all, Set<String> others) {
        Set<String> left = new TreeSet<>(all);
        left.removeAll(others);
        return left;
    }

    private static Set<String> membersOf(String packageName) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(packageName).stream()
                        .filter(type -> type.getPackageName().equals(packageName))
                        .filter(ParityTest::isPublic)
                        .flatMap(type -> membersOf(type.reflect()))
                        .filter(member -> !SCHEDULERS_OWN.matcher(member).matches())
                        .filter(member -> !NAMED_BY_RESULT.matcher(member).matches())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ParityTest::isPublic).orElse(true);
    }

    private static Stream<String> membersOf(Class<?> type) {
        String name = inBoth(type.getName());
        Stream<String> methods = Arrays.stream(type.getMethods()) // those of supertypes that are not public too
                .filter(method -> !method.isSynthetic())
                .filter(method -> method.getDeclaringClass().getName().startsWith("lox."))
                .map(method -> name + "." + described(method, method.getName()) + ": " + inBoth(returned(method)));
        Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> Modifier.isPublic(constructor.getModifiers()))
                .map(constructor -> name + "." + described(constructor, "new"));
        return Stream.of(Stream.of(name), methods, constructors).flatMap(each -> each);
    }

    private static String returned(Method method) {
        return method.getGenericReturnType().getTypeName();
    }

    private static String described(Executable member, String name) {
        return inBoth(name)
                + Arrays.stream(member.getGenericParameterTypes())
                        .map(Type::getTypeName)
                        .map(ParityTest::inBoth)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String inBoth(String text) {
        String said = text;
        for (Word word : WORDS) {
            said = word.inLibrary().matcher(said).replaceAll(word.inBoth());
        }
        return said;
    }
}
