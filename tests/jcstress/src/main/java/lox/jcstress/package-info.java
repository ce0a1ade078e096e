/** Races of the locks and the announcements on real cores. */
@NullMarked
package lox.jcstress;

import org.jspecify.annotations.NullMarked;
