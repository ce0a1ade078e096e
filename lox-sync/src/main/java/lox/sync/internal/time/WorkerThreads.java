package lox.sync.internal.time;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Executors of lox's own threads: daemons, named after the Workers they work for, created on demand, ended after a
 * minute without work. They inherit nothing from the thread that scatters, and their context class loader is the one
 * that loaded lox.
 */
public final class WorkerThreads {
    private static final @Nullable MethodHandle VIRTUAL_BUILDER = virtualBuilder();

    private WorkerThreads() {}

    /**
     * An executor of the JVM's shared platform threads, under a name. It does not bound the number of threads; the lane
     * pool in front of it does.
     *
     * @param name while they work for this executor the threads are called {@code name-1}, {@code name-2} and so on
     * @return the executor; it needs no shutdown
     */
    public static Executor platform(String name) {
        ThreadNames names = new ThreadNames(name);
        return job -> SharedThreads.ALL.run(names, job);
    }

    /**
     * Creates an executor that starts one virtual thread per job.
     *
     * @param name the threads are called {@code name-1}, {@code name-2} and so on
     * @return the executor
     * @throws UnsupportedOperationException if this JVM has no virtual threads
     */
    public static Executor virtual(String name) {
        MethodHandle builder = checkVirtual();
        ThreadFactory factory;
        try {
            factory = (ThreadFactory) builder.invoke(name + "-");
        } catch (Throwable e) {
            throw new LinkageError("the JVM's virtual threads are not as expected", e);
        }
        return job -> factory.newThread(() -> {
                    Thread.currentThread().setContextClassLoader(OwnThreads.contextClassLoader());
                    job.run();
                })
                .start();
    }

    /**
     * Checks that this JVM has virtual threads.
     *
     * @return a handle that creates a factory of them from a name prefix
     * @throws UnsupportedOperationException if it has none
     */
    public static MethodHandle checkVirtual() {
        if (VIRTUAL_BUILDER == null) {
            throw new UnsupportedOperationException("virtual threads need Java 21 or later, and this is Java "
                    + Runtime.version().feature() + "; Lox.thread works here");
        }
        return VIRTUAL_BUILDER;
    }

    /**
     * The handle of {@code name -> Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name, 1).factory()},
     * which does not compile for Java 17.
     */
    private static @Nullable MethodHandle virtualBuilder() {
        if (Runtime.version().feature() < 21) {
            return null; // in 19 and 20 they are a preview feature that has to be enabled
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle of = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
            MethodHandle bare = MethodHandles.insertArguments(
                    lookup.findVirtual(
                            builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class)),
                    1,
                    false);
            MethodHandle named =
                    lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            MethodHandle build = MethodHandles.filterReturnValue(MethodHandles.insertArguments(named, 2, 1L), factory);
            return MethodHandles.foldArguments(build, MethodHandles.filterReturnValue(of, bare));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Java " + Runtime.version() + " should have virtual threads", e);
        }
    }
}
