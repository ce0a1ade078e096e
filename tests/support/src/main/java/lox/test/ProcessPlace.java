package lox.test;

import java.util.function.UnaryOperator;

/**
 * Where the worker processes of tests run: on this machine; or elsewhere, if the system property {@code test.on} names a
 * class that has them do so.
 */
public final class ProcessPlace {
    private static final UnaryOperator<Object> MOVE = load(System.getProperty("test.on", ""));

    private ProcessPlace() {}

    /**
     * Has processes run where the property says.
     *
     * @param builder of workers
     * @return what the class that the property names makes of it; the same without that property
     */
    @SuppressWarnings("unchecked") // the class knows what it is made for
    public static <T> T moved(T builder) {
        return (T) MOVE.apply(builder);
    }

    @SuppressWarnings("unchecked")
    private static UnaryOperator<Object> load(String name) {
        if (name.isEmpty()) {
            return UnaryOperator.identity();
        }
        try {
            return Class.forName(name)
                    .asSubclass(UnaryOperator.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class of the property test.on, " + name, e);
        }
    }
}
