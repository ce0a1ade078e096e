/** The programs of docs/recipes, each a small {@code main}. The pages show them. */
@NullMarked
package lox.examples.recipes;

import org.jspecify.annotations.NullMarked;
