/** Tasks that run in remote workers. */
@NullMarked
package lox.sync.internal.remote;

import org.jspecify.annotations.NullMarked;
