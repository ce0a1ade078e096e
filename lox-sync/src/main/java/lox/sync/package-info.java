/**
 * Scatter and gather for blocking code, on the JDK alone. Nothing of it is written yet.
 */
@NullMarked
package lox.sync;

import org.jspecify.annotations.NullMarked;
