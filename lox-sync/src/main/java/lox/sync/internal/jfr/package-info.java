/** The events of lox for the JDK's flight recorder, which a runtime image may lack. */
@NullMarked
package lox.sync.internal.jfr;

import org.jspecify.annotations.NullMarked;
