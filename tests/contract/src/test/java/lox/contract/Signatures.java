package lox.contract;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a class shows to code outside of its package: supertypes, and all types in public and protected members. */
final class Signatures {
    private static final Pattern INTERNAL = Pattern.compile("\\blox\\.sync\\.(internal|spi)\\b");

    private final Set<String> internal = new TreeSet<>();

    /** What stands for the type parameters of superclasses that are not shown themselves. */
    private final Map<String, String> arguments = new HashMap<>();

    private final String owner;

    private Signatures(Class<?> shown) {
        owner = shown.getName();
        read(shown);
    }

    static Signatures of(Class<?> shown) {
        return new Signatures(shown);
    }

    /** Each place where a type of the inside stands. */
    Set<String> internal() {
        return internal;
    }

    private void read(Class<?> type) {
        parameters("", type.getTypeParameters());
        for (Type face : type.getGenericInterfaces()) {
            note(" implements ", face);
        }
        Arrays.stream(type.getDeclaredFields()).filter(Signatures::isShown).forEach(this::field);
        Arrays.stream(type.getDeclaredConstructors())
                .filter(Signatures::isShown)
                .forEach(this::constructor);
        Arrays.stream(type.getDeclaredMethods()).filter(Signatures::isShown).forEach(this::method);
        Class<?> above = type.getSuperclass();
        if (above == null) {
            return;
        }
        Type extended = type.getGenericSuperclass();
        if (Modifier.isPublic(above.getModifiers())) {
            note(" extends ", extended);
            return;
        }
        Type[] actual = extended instanceof ParameterizedType generic ? generic.getActualTypeArguments() : new Type[0];
        for (int i = 0; i < actual.length; i++) {
            arguments.put("\\b" + above.getTypeParameters()[i].getName() + "\\b", actual[i].getTypeName());
        }
        read(above); // its members are shown as the class's own
    }

    private static boolean isShown(Member member) {
        return (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()))
                && !member.isSynthetic();
    }

    private void field(Field field) {
        note("." + field.getName() + ": ", field.getGenericType());
    }

    private void constructor(Constructor<?> constructor) {
        executable("." + "new: ", constructor);
    }

    private void method(Method method) {
        note("." + method.getName() + ": ", method.getGenericReturnType());
        executable("." + method.getName() + ": ", method);
    }

    private void executable(String place, Executable executable) {
        parameters(place, executable.getTypeParameters());
        for (Type type : executable.getGenericParameterTypes()) {
            note(place, type);
        }
        for (Type type : executable.getGenericExceptionTypes()) {
            note(place, type);
        }
    }

    private void parameters(String place, TypeVariable<?>[] variables) {
        for (TypeVariable<?> variable : variables) {
            for (Type bound : variable.getBounds()) {
                note(place.isEmpty() ? ".<>: " : place, bound);
            }
        }
    }

    private void note(String place, Type type) {
        String text = type.getTypeName();
        for (Map.Entry<String, String> argument : arguments.entrySet()) {
            text = text.replaceAll(argument.getKey(), Matcher.quoteReplacement(argument.getValue()));
        }
        if (INTERNAL.matcher(text).find()) {
            internal.add(owner + place + text);
        }
    }
}
