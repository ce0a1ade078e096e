/**
 * Scatter and gather: batches and their gathering, the lanes that find and run tasks, and the submitter that accepts
 * work.
 */
@NullMarked
package lox.sync.internal.core;

import org.jspecify.annotations.NullMarked;
