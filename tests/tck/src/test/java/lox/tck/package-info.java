/** The Reactive Streams TCK on every publisher of lox: the engine's in its {@code Flow} form, then each adapter's. */
@NullMarked
package lox.tck;

import org.jspecify.annotations.NullMarked;
