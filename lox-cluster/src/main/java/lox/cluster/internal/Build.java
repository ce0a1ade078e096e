package lox.cluster.internal;

import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The versions that have to fit together: a program and its workers speak a protocol that has no versions of its own,
 * so they have to be of the same lox; and the program's classes run on the workers' Java.
 *
 * @param lox the version of lox
 * @param java the feature version of Java
 */
record Build(String lox, int java) {
    /** Those of this JVM. */
    static final Build OWN = new Build(ownLox(), Runtime.version().feature());

    private static String ownLox() {
        Module own = Workers.class.getModule();
        String version = own.isNamed()
                ? own.getDescriptor().rawVersion().orElse(null)
                : Workers.class.getPackage().getImplementationVersion();
        return version == null ? "unreleased" : version;
    }

    /**
     * Why a member of that build cannot run the tasks of a program of this one.
     *
     * @param member of the member
     * @return what does not fit; null if it fits
     */
    @Nullable
    String findConflict(Build member) {
        if (!lox.equals(member.lox)) {
            return "it runs lox " + member.lox + ", this program lox " + lox + ": they have to be the same";
        }
        if (member.java < java) {
            return "it runs Java " + member.java + ", this program Java " + java
                    + ": a member needs the same or a newer one";
        }
        return null;
    }
}
