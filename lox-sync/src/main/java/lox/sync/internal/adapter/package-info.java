/** Access for lox's adapters to the engine behind the types of lox.sync. */
@NullMarked
package lox.sync.internal.adapter;

import org.jspecify.annotations.NullMarked;
