package lox.sync.internal.observe;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * Names a function for people: {@code Pages.fetch} for the method reference, {@code Sizes.main.lambda} for a lambda in
 * the method {@code main}, and the simple name of the class for all other functions.
 */
final class FunctionName {
    private static final String WORK = Work.class.getName().replace('.', '/');
    private static final String LAMBDA = "lambda";

    /** A function is wrapped once or twice on its way to the engine. */
    private static final int MOST_WRAPPERS = 4;

    private FunctionName() {}

    /** The name. Never fails: a name is not worth it. */
    static String of(Object function) {
        try {
            Object inner = function;
            for (int i = 0; i < MOST_WRAPPERS; i++) {
                SerializedLambda form = formOf(inner);
                Object wrapped = form == null ? null : wrappedIn(form);
                if (wrapped == null) {
                    return form == null ? ofClass(inner.getClass()) : ofMethod(form);
                }
                inner = wrapped;
            }
            return ofClass(inner.getClass());
        } catch (Throwable noStack) { // or a writeReplace of the user's that throws
            return "function";
        }
    }

    /** What the compiler tells of a serialisable lambda; null of others, and where reflection may not ask. */
    private static @Nullable SerializedLambda formOf(Object function) {
        Class<?> type = function.getClass();
        if (!type.isHidden() || !type.isSynthetic()) {
            return null;
        }
        try {
            Method method = type.getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return method.invoke(function) instanceof SerializedLambda form ? form : null;
        } catch (ReflectiveOperationException | RuntimeException closed) { // not serialisable, or of a closed module
            return null;
        }
    }

    /** The function of the user's that a lambda of lox has been made of, or null. */
    private static @Nullable Object wrappedIn(SerializedLambda form) {
        return form.getFunctionalInterfaceClass().equals(WORK) && form.getCapturedArgCount() == 1
                ? form.getCapturedArg(0)
                : null;
    }

    private static String ofMethod(SerializedLambda form) {
        String name = form.getImplMethodName();
        String[] parts = name.split("\\$", -1);
        if (parts.length > 2 && parts[0].equals(LAMBDA)) { // as javac names the body of a lambda
            name = parts[1] + "." + LAMBDA;
        }
        return simple(form.getImplClass().replace('/', '.')) + "." + (name.equals("<init>") ? "new" : name);
    }

    private static String ofClass(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? simple(name) : simple(name.substring(0, lambda)) + "." + LAMBDA;
    }

    private static String simple(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return last.substring(last.lastIndexOf('$') + 1);
    }
}
