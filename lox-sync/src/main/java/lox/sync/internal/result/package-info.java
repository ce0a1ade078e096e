/** A result that arrives once and is kept, and the emission of many results to one subscriber. */
@NullMarked
package lox.sync.internal.result;

import org.jspecify.annotations.NullMarked;
