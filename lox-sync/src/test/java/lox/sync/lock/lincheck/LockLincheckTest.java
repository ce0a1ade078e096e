package lox.sync.lock.lincheck;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Grants against withdrawals, and blocked threads against releases. Each scenario is run by the model checker; those of
 * {@link #stressed()} under real threads too.
 */
class LockLincheckTest {
    /** A scenario and the model it is compared with. */
    record Case(String name, Scenario scenario, Class<?> model) {
        /** Those of one lock that share a model are checked together. */
        String group() {
            return name.substring(0, name.indexOf(':')) + " like " + model.getSimpleName();
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                        qLock(),
                        rwLock(),
                        lightSwitch(),
                        switchOverReaders(),
                        indexSemaphore("IndexSemaphore", LockOperations.OfIndexSemaphore.class),
                        indexSemaphore("IndexSemaphore of many", LockOperations.OfManyIndices.class),
                        weightedSemaphore(),
                        keyedLock())
                .flatMap(cases -> cases);
    }

    static Stream<Named<List<Case>>> all() {
        return inGroups(cases());
    }

    static Stream<Named<List<Case>>> stressed() {
        return inGroups(cases().filter(each -> !each.name().contains("await")));
    }

    private static Stream<Named<List<Case>>> inGroups(Stream<Case> cases) {
        return cases.collect(groupingBy(Case::group, LinkedHashMap::new, toList())).entrySet().stream()
                .map(group -> Named.of(group.getKey(), group.getValue()));
    }

    @Tag("interleavings")
    @ParameterizedTest
    @MethodSource("all")
    void shouldBehaveLikeTheModelInEveryInterleaving(List<Case> group) {
        Scenario.modelCheck(scenarios(group), group.get(0).model());
    }

    @Tag("race")
    @ParameterizedTest
    @MethodSource("stressed")
    void shouldBehaveLikeTheModelUnderStress(List<Case> group) {
        Scenario.stress(scenarios(group), group.get(0).model());
    }

    private static List<Scenario> scenarios(List<Case> group) {
        return group.stream().map(Case::scenario).toList();
    }

    @Tag("interleavings")
    @Test
    void shouldFindALockThatLetsANewcomerInWhileItIsHandedOver() {
        Scenario scenario = new Scenario(BrokenLock.class)
                .thread()
                .does("count", 0)
                .thread()
                .does("count", 0);
        assertThatThrownBy(() -> scenario.modelCheckAgainst(LockModel.OfQLock.class))
                .hasMessageContaining("Invalid execution results");
    }

    private static Stream<Case> qLock() {
        Class<?> lock = LockOperations.OfQLock.class;
        Class<?> model = LockModel.OfQLock.class;
        return Stream.of(
                new Case(
                        "QLock: two count",
                        new Scenario(lock)
                                .thread()
                                .does("count", 0)
                                .thread()
                                .does("count", 0)
                                .after("quiet"),
                        model),
                new Case(
                        "QLock: release against cancel",
                        full(lock, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("cancel", 1)
                                .after("cancel", 1)
                                .after("cancel", 2)
                                .after("quiet"),
                        model),
                new Case(
                        "QLock: release against two closes of requests",
                        full(lock, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .thread()
                                .does("close", 2)
                                .after("quiet"),
                        model),
                new Case(
                        "QLock: release against close of a request",
                        full(lock, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .after("cancel", 2)
                                .after("quiet"),
                        model),
                new Case(
                        "QLock: release against request against tryAcquire",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("request", 0, 1)
                                .thread()
                                .does("tryAcquire", 0, 2)
                                .after("quiet"),
                        model),
                new Case(
                        "QLock: release against a thread that counts behind a waiting request (await)",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 0, 1)
                                .thread()
                                .does("close", 0)
                                .does("close", 1)
                                .thread()
                                .does("count", 0)
                                .after("quiet"),
                        model),
                new Case(
                        "QLock: release against await",
                        full(lock, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("await", 1)
                                .after("cancel", 2)
                                .after("quiet"),
                        model));
    }

    private static Stream<Case> rwLock() {
        Class<?> lock = LockOperations.OfRWLock.class;
        Class<?> model = LockModel.OfRWLock.class;
        return Stream.of(
                new Case(
                        "RWLock: two write",
                        new Scenario(lock)
                                .thread()
                                .does("count", 1)
                                .thread()
                                .does("count", 1)
                                .after("quiet"),
                        model),
                new Case(
                        "RWLock: a reader leaves, the writer at the head cancels, readers stand behind",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 1, 1)
                                .before("request", 0, 2)
                                .before("request", 1, 3)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("cancel", 1)
                                .after("cancel", 2)
                                .after("cancel", 3)
                                .after("quiet"),
                        model),
                new Case(
                        "RWLock: a writer leaves, a reader and the next writer withdraw",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .before("request", 0, 1)
                                .before("request", 1, 2)
                                .before("request", 0, 3)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .thread()
                                .does("close", 2)
                                .after("cancel", 3)
                                .after("quiet"),
                        model),
                new Case(
                        "RWLock: downgrade against cancel of a reader",
                        new Scenario(lock)
                                .before("write")
                                .before("request", 0, 1)
                                .before("request", 1, 2)
                                .thread()
                                .does("downgrade")
                                .thread()
                                .does("cancel", 1)
                                .after("cancel", 1)
                                .after("cancel", 2)
                                .after("quiet"),
                        model),
                new Case(
                        "RWLock: a reader comes while a writer comes and a reader leaves",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("request", 1, 1)
                                .thread()
                                .does("request", 0, 2)
                                .after("quiet"),
                        model),
                new Case(
                        "RWLock: a writer leaves while a reader awaits",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .before("request", 0, 1)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("await", 1)
                                .after("quiet"),
                        model));
    }

    private static Stream<Case> lightSwitch() {
        Class<?> lock = LockOperations.OfLightSwitch.class;
        Class<?> model = LockModel.OfLightSwitch.class;
        return Stream.of(
                new Case(
                        "LightSwitch: last out against first in",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("request", 0, 1)
                                .after("cancel", 1)
                                .after("quiet")
                                .after("quietRoom"),
                        model),
                new Case(
                        "LightSwitch: two first in",
                        new Scenario(lock)
                                .thread()
                                .does("request", 0, 0)
                                .thread()
                                .does("request", 0, 1)
                                .after("cancel", 0)
                                .after("cancel", 1)
                                .after("quiet")
                                .after("quietRoom"),
                        model),
                new Case(
                        "LightSwitch: the room becomes free against all withdrawing",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .before("request", 0, 1)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .after("quiet")
                                .after("quietRoom"),
                        model),
                new Case(
                        "LightSwitch: the first withdraws while another waits and the room becomes free",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .before("request", 0, 1)
                                .before("request", 0, 2)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("cancel", 1)
                                .after("cancel", 1)
                                .after("cancel", 2)
                                .after("quiet")
                                .after("quietRoom"),
                        model),
                new Case(
                        "LightSwitch: a janitor against guests (await)",
                        new Scenario(lock)
                                .thread()
                                .does("count", 0)
                                .thread()
                                .does("count", 1)
                                .after("quiet")
                                .after("quietRoom"),
                        ApartModel.class));
    }

    private static Stream<Case> switchOverReaders() {
        return Stream.of(new Case(
                "LightSwitch over readers: last out against first in",
                new Scenario(LockOperations.OfSwitchOverReaders.class)
                        .before("request", 0, 0)
                        .thread()
                        .does("close", 0)
                        .thread()
                        .does("request", 0, 1)
                        .after("quietRoom")
                        .after("close", 1)
                        .after("quiet")
                        .after("quietRoom"),
                LockModel.OfSwitchOverReaders.class));
    }

    /** Guests and janitor are never in the room together, so each one's count is as if it were alone in time. */
    public static final class ApartModel extends LockModel {
        @Override
        boolean admits(int side) {
            return true;
        }

        public int quietRoom() {
            return 0;
        }
    }

    private static Stream<Case> indexSemaphore(String name, Class<?> lock) {
        Class<?> model = LockModel.OfIndexSemaphore.class;
        return Stream.of(
                new Case(
                        name + ": three use two",
                        new Scenario(lock)
                                .thread()
                                .does("use")
                                .thread()
                                .does("use")
                                .thread()
                                .does("use")
                                .after("quiet"),
                        model),
                new Case(
                        name + ": release against cancel",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 0, 1)
                                .before("request", 0, 2)
                                .before("request", 0, 3)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("cancel", 2)
                                .after("cancel", 2)
                                .after("cancel", 3)
                                .after("quiet"),
                        model),
                new Case(
                        name + ": two releases against a close",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 0, 1)
                                .before("request", 0, 2)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .thread()
                                .does("close", 2)
                                .after("quiet"),
                        model),
                new Case(
                        name + ": release against await",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 0, 1)
                                .before("request", 0, 2)
                                .thread()
                                .does("close", 1)
                                .thread()
                                .does("await", 2)
                                .after("quiet"),
                        model));
    }

    private static Stream<Case> weightedSemaphore() {
        Class<?> lock = LockOperations.OfWeightedSemaphore.class;
        Class<?> model = LockModel.OfWeightedSemaphore.class;
        return Stream.of(
                new Case(
                        "WeightedSemaphore: two count with all of it (await)",
                        new Scenario(lock)
                                .thread()
                                .does("count", 2)
                                .thread()
                                .does("count", 2)
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: two releases against the cancel of a heavy request",
                        heavyHead(lock)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .thread()
                                .does("cancel", 2)
                                .after("cancel", 3)
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: a release against a light request behind a heavy one",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .before("request", 2, 1)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("request", 1, 2)
                                .thread()
                                .does("tryAcquire", 1, 3)
                                .after("cancel", 2)
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: it grows against cancel",
                        heavyHead(lock)
                                .thread()
                                .does("resize", 4)
                                .thread()
                                .does("cancel", 2)
                                .after("cancel", 3)
                                .after("available")
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: it grows against a release",
                        heavyHead(lock)
                                .thread()
                                .does("resize", 3)
                                .thread()
                                .does("close", 0)
                                .after("cancel", 2)
                                .after("cancel", 3)
                                .after("available")
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: it shrinks against a release and a request",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .before("request", 1, 1)
                                .thread()
                                .does("resize", 1)
                                .does("available")
                                .thread()
                                .does("close", 0)
                                .does("request", 1, 2)
                                .after("cancel", 2)
                                .after("available")
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: it shrinks against tryAcquire",
                        new Scenario(lock)
                                .thread()
                                .does("resize", 1)
                                .does("available")
                                .does("available")
                                .thread()
                                .does("tryAcquire", 1, 0)
                                .does("tryAcquire", 1, 1)
                                .after("available")
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: two resize",
                        new Scenario(lock)
                                .before("request", 1, 0)
                                .thread()
                                .does("resize", 4)
                                .thread()
                                .does("resize", 3)
                                .thread()
                                .does("close", 0)
                                .after("available")
                                .after("quiet"),
                        model),
                new Case(
                        "WeightedSemaphore: it grows against await",
                        new Scenario(lock)
                                .before("request", 2, 0)
                                .before("request", 2, 1)
                                .thread()
                                .does("resize", 4)
                                .thread()
                                .does("await", 1)
                                .after("available")
                                .after("quiet"),
                        model));
    }

    /** Full with requests 0 and 1; request 2 weighs as much as both, and 3 stands behind it. */
    private static Scenario heavyHead(Class<?> lock) {
        return new Scenario(lock)
                .before("request", 1, 0)
                .before("request", 1, 1)
                .before("request", 2, 2)
                .before("request", 1, 3);
    }

    private static Stream<Case> keyedLock() {
        Class<?> lock = LockOperations.OfKeyedLock.class;
        Class<?> model = LockModel.OfKeyedLock.class;
        return Stream.of(
                new Case(
                        "KeyedLock: two count with one key (await)",
                        new Scenario(lock)
                                .thread()
                                .does("count", 0)
                                .thread()
                                .does("count", 0)
                                .after("quiet")
                                .after("keys"),
                        model),
                new Case(
                        "KeyedLock: last out against first in",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("request", 0, 1)
                                .after("cancel", 1)
                                .after("quiet")
                                .after("keys"),
                        model),
                new Case(
                        "KeyedLock: last out against two tries",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("tryAcquire", 0, 1)
                                .thread()
                                .does("tryAcquire", 0, 2)
                                .after("quiet")
                                .after("keys"),
                        model),
                new Case(
                        "KeyedLock: release against cancel",
                        full(lock, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("cancel", 1)
                                .after("close", 1)
                                .after("cancel", 2)
                                .after("quiet")
                                .after("keys"),
                        model),
                new Case(
                        "KeyedLock: the last ones leave",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 0, 1)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .after("quiet")
                                .after("keys"),
                        model),
                new Case(
                        "KeyedLock: keys of one hash come and go",
                        new Scenario(lock)
                                .before("request", 0, 0)
                                .before("request", 1, 1)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("close", 1)
                                .thread()
                                .does("request", 2, 2)
                                .after("quiet")
                                .after("keys"),
                        model),
                new Case(
                        "KeyedLock: release against await",
                        full(lock, 0)
                                .thread()
                                .does("close", 0)
                                .thread()
                                .does("await", 1)
                                .after("cancel", 2)
                                .after("quiet"),
                        model));
    }

    /** Held by request 0, with requests 1 and 2 in line. */
    private static Scenario full(Class<?> lock, int side) {
        return new Scenario(lock)
                .before("request", side, 0)
                .before("request", side, 1)
                .before("request", side, 2);
    }

    /** As in Python's lox: whoever finds the flag down raises it, in two steps. */
    public static final class BrokenLock {
        private volatile boolean held;
        private int counter;

        public int count(int side) {
            if (held) {
                return -1 - side;
            }
            held = true;
            int seen = counter;
            counter = seen + 1;
            held = false;
            return seen;
        }
    }
}
