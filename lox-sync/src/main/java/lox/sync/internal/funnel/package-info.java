/** The engine of the Funnels of all dialects: joins values by job id. */
@NullMarked
package lox.sync.internal.funnel;

import org.jspecify.annotations.NullMarked;
