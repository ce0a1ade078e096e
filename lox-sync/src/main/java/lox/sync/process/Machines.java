package lox.sync.process;

/**
 * Machines that worker processes run on in the place of this one: a {@code lox.cluster.Cluster} of the module
 * {@code lox-cluster}. {@link lox.sync.ProcessesBuilder#on} takes them.
 *
 * <p>Implemented by modules of lox alone. Safe for use from many threads.
 */
public interface Machines {}
