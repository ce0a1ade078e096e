/** What both libraries expect of a scheduler, for the schedulers that lox gives them. */
@NullMarked
package lox.contract.scheduler;

import org.jspecify.annotations.NullMarked;
