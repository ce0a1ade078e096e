/** The contract of scatter and gather, written once and run against plain Java, Reactor and RxJava on every kind of workers. */
@NullMarked
package lox.contract;

import org.jspecify.annotations.NullMarked;
