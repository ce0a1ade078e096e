/** One table, and one picture of it, of lox beside its peers: each in a JVM of its own, and all in one. */
@NullMarked
package lox.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
