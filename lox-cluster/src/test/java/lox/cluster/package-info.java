/** Tests of the cluster: members are JVMs on this machine, at ports given by the system. */
@NullMarked
package lox.cluster;

import org.jspecify.annotations.NullMarked;
