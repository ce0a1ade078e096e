package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Few classes depend on each other in a circle: a strongly connected component of the graph of classes, in which nested classes count as
 * the one they are in, has no more than {@value #MOST} of them.
 */
class KnotsTest {
    private static final int MOST = 6;

    @Test
    void shouldHaveNoLargeKnots() {
        assertThat(knots(graph("lox.sync", "lox.reactor", "lox.rxjava")))
                .allSatisfy(knot -> assertThat(knot).hasSizeLessThanOrEqualTo(MOST));
    }

    @Test
    void shouldFindKnots() {
        Map<String, Set<String>> graph = new HashMap<>();
        graph.put("a", Set.of("b"));
        graph.put("b", Set.of("c", "d"));
        graph.put("c", Set.of("a"));
        graph.put("d", Set.of("e"));
        graph.put("e", Set.of("d"));
        graph.put("f", Set.of("a"));
        assertThat(knots(graph)).containsExactlyInAnyOrder(Set.of("a", "b", "c"), Set.of("d", "e"));
    }

    private static Map<String, Set<String>> graph(String... packages) {
        Map<String, Set<String>> graph = new HashMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(packages)) {
            Set<String> targets = graph.computeIfAbsent(topLevel(type), name -> new HashSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getName().startsWith("lox.")) {
                    targets.add(topLevel(target));
                }
            }
            targets.remove(topLevel(type));
        }
        return graph;
    }

    private static String topLevel(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Two classes are in the same knot if each can be reached from the other. */
    private static List<Set<String>> knots(Map<String, Set<String>> graph) {
        Map<String, Set<String>> reachable = new HashMap<>();
        graph.keySet().forEach(name -> reachable.put(name, reachableFrom(name, graph)));
        List<Set<String>> knots = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        for (String name : new TreeSet<>(graph.keySet())) {
            if (placed.contains(name)) {
                continue;
            }
            Set<String> knot = new TreeSet<>(Set.of(name));
            for (String other : reachable.getOrDefault(name, Set.of())) {
                if (reachable.getOrDefault(other, Set.of()).contains(name)) {
                    knot.add(other);
                }
            }
            if (knot.size() > 1) {
                knots.add(knot);
                placed.addAll(knot);
            }
        }
        return knots;
    }

    private static Set<String> reachableFrom(String start, Map<String, Set<String>> graph) {
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(graph.get(start));
        while (!next.isEmpty()) {
            String name = next.pop();
            if (seen.add(name)) {
                next.addAll(graph.getOrDefault(name, Set.of()));
            }
        }
        return seen;
    }
}
