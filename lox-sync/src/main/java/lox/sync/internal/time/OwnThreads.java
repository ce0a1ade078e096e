package lox.sync.internal.time;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;

/**
 * Creates every one of lox's own threads: daemons of normal priority in the topmost thread group. They inherit nothing
 * from the thread that first needs them, neither its {@link InheritableThreadLocal}s nor its context class loader nor
 * the protection domains on its stack. Their context class loader is the one that loaded lox.
 */
public final class OwnThreads {
    private static final ClassLoader LOADER = loader();

    private OwnThreads() {}

    /**
     * Creates a thread, not started.
     *
     * @param name its name
     * @param body what it runs
     * @return the thread
     */
    public static Thread make(String name, Runnable body) {
        return make(name, body, 0);
    }

    /**
     * Creates a thread with a given stack size, not started.
     *
     * @param name its name
     * @param body what it runs
     * @param stackSize in bytes; 0 for the JVM's default
     * @return the thread
     */
    @SuppressWarnings("ThreadPriorityCheck") // relies on no priority: avoids inheriting that of the creating thread
    public static Thread make(String name, Runnable body, long stackSize) {
        Thread thread = PROTECTED ? Privileged.make(name, body, stackSize) : plain(name, body, stackSize);
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(LOADER);
        return thread;
    }

    /**
     * A factory of threads that share one name.
     *
     * @param name the name of all threads
     * @return the factory
     */
    public static ThreadFactory named(String name) {
        return body -> make(name, body);
    }

    /**
     * The context class loader of lox's own threads. In an application server it sees the classes of the application
     * that contains lox; the system class loader would not, nor would it in an application that is packed into one
     * file.
     */
    static ClassLoader contextClassLoader() {
        return LOADER;
    }

    private static ClassLoader loader() {
        ClassLoader own = OwnThreads.class.getClassLoader();
        return own == null ? ClassLoader.getSystemClassLoader() : own;
    }

    private static Thread plain(String name, Runnable body, long stackSize) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup above = group; above != null; above = group.getParent()) {
            group = above;
        }
        return new Thread(group, body, name, stackSize, false);
    }

    /**
     * Up to Java 23 a thread keeps the protection domains of the threads that created it, and so their class loaders.
     */
    private static final boolean PROTECTED = Runtime.version().feature() < 24;

    /** Loaded only if {@code PROTECTED}: later versions may lack the classes it needs. */
    private static final class Privileged {
        @SuppressWarnings("removal")
        static Thread make(String name, Runnable body, long stackSize) {
            return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> plain(name, body, stackSize));
        }
    }
}
