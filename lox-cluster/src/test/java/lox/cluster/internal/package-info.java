/** Tests of the cluster's parts. */
@NullMarked
package lox.cluster.internal;

import org.jspecify.annotations.NullMarked;
