package lox.contract;

import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Gives a test the setups of the group that its annotation names, without the kinds that {@link InThisJvm}, {@link
 * WithThreads} and {@link OnceOverProcesses} leave out. */
final class SetupArguments implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        Method test = context.getRequiredTestMethod();
        boolean here = test.isAnnotationPresent(InThisJvm.class)
                || test.getDeclaringClass().isAnnotationPresent(InThisJvm.class);
        boolean threads = test.isAnnotationPresent(WithThreads.class)
                || test.getDeclaringClass().isAnnotationPresent(WithThreads.class);
        boolean once = test.getDeclaringClass().isAnnotationPresent(OnceOverProcesses.class);
        return group(test)
                .filter(setup -> !here || setup.kind() != Setup.Kind.PROCESSES)
                .filter(setup -> !once || !setup.isProcessesAgain())
                .filter(setup -> !threads || setup.kind() != Setup.Kind.ASYNC)
                .map(Arguments::of);
    }

    private static Stream<Setup> group(Method test) {
        if (test.isAnnotationPresent(OnAllWorkers.class)) {
            return Setup.all();
        }
        if (test.isAnnotationPresent(OnConcurrentWorkers.class)) {
            return Setup.concurrent();
        }
        if (test.isAnnotationPresent(OnSharedWorkers.class)) {
            return Setup.shared();
        }
        if (test.isAnnotationPresent(OnSharedAndInlineWorkers.class)) {
            return Setup.sharedAndInline();
        }
        if (test.isAnnotationPresent(WithSubscribers.class)) {
            return Setup.subscribable();
        }
        throw new IllegalStateException(test + " asks for no group of setups");
    }
}
