/**
 * Worker processes on other machines: {@link lox.cluster.Cluster} joins them, {@link lox.cluster.LoxMember} is what
 * runs there, {@link lox.cluster.LocalMembers} starts some on this machine.
 */
@NullMarked
package lox.cluster;

import org.jspecify.annotations.NullMarked;
