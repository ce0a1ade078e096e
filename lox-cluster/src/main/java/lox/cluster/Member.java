package lox.cluster;

/**
 * A member of a {@link Cluster} at one moment: a machine, as a rule, that runs workers.
 *
 * @param name what it is called in messages
 * @param host the address where its workers are reached
 * @param slots how many workers it runs at once, for all programs together
 * @param used how many of them work for this program, or are being started for it
 * @param lox its version of lox, which has to be this program's
 * @param java its feature version of Java, which has to be this program's or a newer one
 * @param isLeaving whether it takes no more workers, since it is about to leave
 */
public record Member(String name, String host, int slots, int used, String lox, int java, boolean isLeaving) {}
