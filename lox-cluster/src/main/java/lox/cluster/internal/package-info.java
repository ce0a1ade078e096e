/** The cluster's two sides, a program's and a member's, and what lies between them. JGroups is used here alone. */
@NullMarked
package lox.cluster.internal;

import org.jspecify.annotations.NullMarked;
