/** The results of a batch one by one. */
@NullMarked
package lox.sync.internal.stream;

import org.jspecify.annotations.NullMarked;
