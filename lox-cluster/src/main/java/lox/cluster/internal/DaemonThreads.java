package lox.cluster.internal;

import org.jgroups.util.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/** Makes the threads of JGroups, none of which keeps a program alive whose own threads have ended. */
final class DaemonThreads extends DefaultThreadFactory {
    DaemonThreads(String name) {
        super(name, true, true);
    }

    @Override
    protected Thread newThread(Runnable action, String name, @Nullable String address, @Nullable String cluster) {
        Thread thread = new Daemon(action, getThreadName(name, address, cluster));
        thread.setDaemon(true);
        return thread;
    }

    /** A class of its own: of a {@code Thread} itself JGroups' {@code Runner} makes no daemon again. */
    private static final class Daemon extends Thread {
        Daemon(Runnable action, String name) {
            super(action, name);
        }
    }
}
