package lox.sync.internal.process;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lambdas on the wire, without object streams. What is written is what {@link SerializedLambda} says, and the
 * compiler's {@code $deserializeLambda$} reads it, just as with Java serialization. A new JVM needs some thirty
 * milliseconds less for that: object streams ask for a logger, and that opens every jar of the class path.
 *
 * <p>For lambdas that capture one object at most, beside strings, numbers and the like: with two, Java serialization
 * keeps what both share. And for lambdas in no module: of one in a module, reflection may not ask.
 */
final class LambdaCodec {
    private static final Set<Class<?>> PLAIN = Set.of(
            String.class,
            Integer.class,
            Long.class,
            Double.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Float.class);

    private LambdaCodec() {}

    /** The form to be written, or null if the object is no lambda of this kind. */
    static @Nullable SerializedLambda describe(Object object) {
        Class<?> type = object.getClass();
        if (!type.isHidden() || !type.isSynthetic() || !isOpen(type.getModule())) {
            return null;
        }
        try {
            Method method = type.getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return method.invoke(object) instanceof SerializedLambda lambda && isChain(lambda) ? lambda : null;
        } catch (ReflectiveOperationException notSerializable) { // as Java serialization will say
            return null;
        }
    }

    private static boolean isOpen(Module module) {
        return !module.isNamed() || module == LambdaCodec.class.getModule();
    }

    private static boolean isChain(SerializedLambda lambda) {
        int objects = 0;
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            Object captured = lambda.getCapturedArg(i);
            if (captured != null && !PLAIN.contains(captured.getClass())) {
                objects++;
            }
        }
        return objects <= 1;
    }

    static void write(SerializedLambda lambda, ValueCodec values, WireWriter out) throws IOException {
        values.writePart(lambda.getCapturingClass(), out);
        values.writePart(lambda.getFunctionalInterfaceClass(), out);
        values.writePart(lambda.getFunctionalInterfaceMethodName(), out);
        values.writePart(lambda.getFunctionalInterfaceMethodSignature(), out);
        out.writeInt(lambda.getImplMethodKind());
        values.writePart(lambda.getImplClass(), out);
        values.writePart(lambda.getImplMethodName(), out);
        values.writePart(lambda.getImplMethodSignature(), out);
        values.writePart(lambda.getInstantiatedMethodType(), out);
        out.writeInt(lambda.getCapturedArgCount());
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            values.writePart(lambda.getCapturedArg(i), out);
        }
    }

    static Object read(WireReader in, ValueCodec values, ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        Class<?> capturing = loader.loadClass(text(in, values).replace('/', '.'));
        SerializedLambda lambda = new SerializedLambda(
                capturing,
                text(in, values),
                text(in, values),
                text(in, values),
                in.readInt(),
                text(in, values),
                text(in, values),
                text(in, values),
                text(in, values),
                captured(in, values));
        Method method = capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
        method.setAccessible(true);
        try {
            return method.invoke(null, lambda);
        } catch (InvocationTargetException failed) {
            InvalidObjectException invalid = new InvalidObjectException(
                    "a lambda in " + capturing.getName() + " could not be made: " + failed.getCause());
            invalid.initCause(failed.getCause());
            throw invalid;
        }
    }

    private static @Nullable Object[] captured(WireReader in, ValueCodec values) throws IOException {
        @Nullable Object[] captured = new @Nullable Object[in.readInt()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = values.read(in, "the function");
        }
        return captured;
    }

    private static String text(WireReader in, ValueCodec values) throws IOException {
        if (values.read(in, "the function") instanceof String text) {
            return text;
        }
        throw new StreamCorruptedException("a lambda's form");
    }
}
