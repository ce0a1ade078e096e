/** Hot publishers: what is put reaches whoever listens. */
@NullMarked
package lox.examples.hot;

import org.jspecify.annotations.NullMarked;
