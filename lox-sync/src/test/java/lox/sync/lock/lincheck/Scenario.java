package lox.sync.lock.lincheck;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lox.test.Patience;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** What is done before, what each thread does, and what is looked at when all is quiet. */
public final class Scenario {
    private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 30);

    private final Class<?> operations;
    private final List<Actor> before = new ArrayList<>();
    private final List<List<Actor>> threads = new ArrayList<>();
    private final List<Actor> after = new ArrayList<>();

    public Scenario(Class<?> operations) {
        this.operations = operations;
    }

    public Scenario before(String name, Object... arguments) {
        before.add(actor(name, arguments));
        return this;
    }

    public Scenario thread() {
        threads.add(new ArrayList<>());
        return this;
    }

    public Scenario does(String name, Object... arguments) {
        threads.get(threads.size() - 1).add(actor(name, arguments));
        return this;
    }

    public Scenario after(String name, Object... arguments) {
        after.add(actor(name, arguments));
        return this;
    }

    public void modelCheckAgainst(Class<?> model) {
        modelCheck(List.of(this), model);
    }

    /**
     * Checks scenarios of the same operations in one go: Lincheck rewrites all loaded classes before a check, and back after it, and
     * the JVM then compiles them anew, which takes several times as long as a scenario. The one that fails is in the failure's message.
     */
    public static void modelCheck(List<Scenario> scenarios, Class<?> model) {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses("lox.sync.internal.stack.StackReach")
                        .allMethods()
                        .ignore()) // shares nothing, but its recursion is taken for an endless loop
                .iterations(0)
                .invocationsPerIteration(INVOCATIONS)
                .invocationTimeout$lincheck(
                        Patience.LIMIT.toMillis()) // or it takes what is slow for hung; of no other name
                .sequentialSpecification(model);
        scenarios.forEach(scenario -> options.addCustomScenario(scenario.execution()));
        options.check(operationsOf(scenarios));
    }

    /** The same under real threads. */
    public static void stress(List<Scenario> scenarios, Class<?> model) {
        StressOptions options = new StressOptions()
                .iterations(0)
                .invocationsPerIteration(10 * INVOCATIONS)
                .invocationTimeout$lincheck(Patience.LIMIT.toMillis())
                .sequentialSpecification(model);
        scenarios.forEach(scenario -> options.addCustomScenario(scenario.execution()));
        options.check(operationsOf(scenarios));
    }

    private static Class<?> operationsOf(List<Scenario> scenarios) {
        Class<?> operations = scenarios.get(0).operations;
        if (!scenarios.stream().allMatch(scenario -> scenario.operations == operations)) {
            throw new IllegalArgumentException("scenarios of several classes");
        }
        return operations;
    }

    private ExecutionScenario execution() {
        return new ExecutionScenario(before, threads, after, null);
    }

    private Actor actor(String name, Object... arguments) {
        Method method = Arrays.stream(operations.getMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return new Actor(method, Arrays.asList(arguments));
    }
}
