package lox.sync.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The threads of lox's own: daemons, named after their pool, there on demand, gone after a minute without work. */
public final class WorkerThreads {
    private static final int IDLE_SECONDS = 60;
    private static final @Nullable MethodHandle VIRTUAL_BUILDER = virtualBuilder();

    private WorkerThreads() {}

    /**
     * Makes an executor of platform threads. It has no bound of its own: the {@link LanePool} in front of it has.
     *
     * @param name the threads are called {@code name-1}, {@code name-2} and so on
     * @return the executor, to be shut down or not
     */
    public static ThreadPoolExecutor platform(String name) {
        AtomicLong started = new AtomicLong();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, name + "-" + started.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /**
     * Makes an executor that starts one virtual thread for each job.
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
        return job -> factory.newThread(job).start();
    }

    /**
     * Checks that this JVM has virtual threads.
     *
     * @return makes a factory of them from a prefix for their names
     * @throws UnsupportedOperationException if it has none
     */
    public static MethodHandle checkVirtual() {
        if (VIRTUAL_BUILDER == null) {
            throw new UnsupportedOperationException("virtual threads need Java 21 or later, and this is Java "
                    + Runtime.version().feature() + "; Lox.thread works here");
        }
        return VIRTUAL_BUILDER;
    }

    /** {@code name -> Thread.ofVirtual().name(name, 1).factory()}, which does not compile for Java 17. */
    private static @Nullable MethodHandle virtualBuilder() {
        if (Runtime.version().feature() < 21) {
            return null; // in 19 and 20 they are a preview that has to be switched on
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle of = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
            MethodHandle named =
                    lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            MethodHandle build = MethodHandles.filterReturnValue(MethodHandles.insertArguments(named, 2, 1L), factory);
            return MethodHandles.foldArguments(build, of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Java " + Runtime.version() + " should have virtual threads", e);
        }
    }
}
