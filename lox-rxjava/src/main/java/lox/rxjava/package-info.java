/**
 * Scatter and gather over {@code Single} and {@code Flowable}. Nothing of it is written yet.
 */
@NullMarked
package lox.rxjava;

import org.jspecify.annotations.NullMarked;
