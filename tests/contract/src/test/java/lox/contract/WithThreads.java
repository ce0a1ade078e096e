package lox.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Leaves functions that do not block out of a test: what it shows holds for tasks that occupy a thread of lox. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface WithThreads {
    /** Why. */
    String value();
}
