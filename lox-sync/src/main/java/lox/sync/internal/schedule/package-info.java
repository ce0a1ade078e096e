/** Executors with one lane per remote worker, for the schedulers of the reactive libraries. */
@NullMarked
package lox.sync.internal.schedule;

import org.jspecify.annotations.NullMarked;
