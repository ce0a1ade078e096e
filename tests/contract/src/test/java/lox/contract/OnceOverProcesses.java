package lox.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves worker processes out of a class on a build's second JDK: most of its tests cost the start of some, since they have
 * options of their own or end what runs, and what they test of them happens in this JVM.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OnceOverProcesses {
    /** What tests on each JDK what is left to the children. */
    String value();
}
