/** Races of the locks on real cores. */
@NullMarked
package lox.jcstress;

import org.jspecify.annotations.NullMarked;
