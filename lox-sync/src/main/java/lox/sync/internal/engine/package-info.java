/** Assembles the engine, for the three dialects. */
@NullMarked
package lox.sync.internal.engine;

import org.jspecify.annotations.NullMarked;
