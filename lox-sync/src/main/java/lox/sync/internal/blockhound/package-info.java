/** What BlockHound has to know of lox. Nothing else uses this package. */
@NullMarked
package lox.sync.internal.blockhound;

import org.jspecify.annotations.NullMarked;
