/** Worker processes on members of a cluster, and beside them those of process mode. */
@NullMarked
package lox.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
