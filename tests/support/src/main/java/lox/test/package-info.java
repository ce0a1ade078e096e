/** What the tests of all modules share. */
@NullMarked
package lox.test;

import org.jspecify.annotations.NullMarked;
