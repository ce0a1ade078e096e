package lox.sync.internal.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.BooleanSupplier;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.host.AbandonableChannel;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerLink;
import lox.test.DelayedBytes;

/**
 * A pool of worker processes on this machine that answer as if they were far away: bytes take half a trip in either
 * direction, however many are on their way. In this package, because the seam that hosts of workers implement is not
 * public.
 */
public final class DistantPool {
    private static final int PART = 64 * 1024;

    private DistantPool() {}

    /**
     * Makes a pool.
     *
     * @param observer its name
     * @param options how the workers are
     * @param tripNanos how long a byte takes to a worker and back; with zero the workers are as near as they are
     * @return the pool
     */
    public static RemoteWorkers of(PoolObserver observer, WorkerOptions options, long tripNanos) {
        WorkerContext context = WorkerContext.of(observer, options);
        NestingLimit nesting = new NestingLimit(context.pool());
        WorkerHost near = WorkerPool.host(context, nesting);
        return new WorkerPool(
                context,
                nesting,
                tripNanos == 0
                        ? near
                        : (number, wanted, wantsNew) -> {
                            WorkerLink link = near.start(number, wanted, wantsNew);
                            return link == null ? null : moveAway(link, tripNanos);
                        });
    }

    private static WorkerLink moveAway(WorkerLink near, long tripNanos) {
        ReadableByteChannel input = new Coming(near.input(), tripNanos / 2);
        AbandonableChannel output = new Going(near.output(), tripNanos / 2);
        return (WorkerLink) Proxy.newProxyInstance(
                WorkerLink.class.getClassLoader(),
                new Class<?>[] {WorkerLink.class},
                (link, method, arguments) -> switch (method.getName()) {
                    case "input" -> input;
                    case "output" -> output;
                    case "tripNanos" -> tripNanos;
                    default -> {
                        if (method.getName().equals("close")) {
                            output.close();
                        }
                        try {
                            yield method.invoke(near, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    }
                });
    }

    /** What the worker sends, read ahead by a thread of its own. */
    private static final class Coming implements ReadableByteChannel {
        private final DelayedBytes coming;

        Coming(ReadableByteChannel near, long nanos) {
            coming = new DelayedBytes(nanos);
            start("distance-read", () -> {
                ByteBuffer part = ByteBuffer.allocate(PART);
                try {
                    while (near.read(part) >= 0) {
                        coming.put(part.flip());
                        part.clear();
                    }
                } finally {
                    coming.end();
                }
            });
        }

        @Override
        public int read(ByteBuffer target) {
            return coming.take(target);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** What is sent to the worker, written behind by a thread of its own, which ends with the bytes. */
    private static final class Going implements AbandonableChannel {
        private final DelayedBytes going;
        private final Thread writer;
        private volatile boolean broken;

        Going(AbandonableChannel near, long nanos) {
            going = new DelayedBytes(nanos);
            writer = start("distance-write", () -> {
                ByteBuffer part = ByteBuffer.allocate(PART);
                try {
                    while (going.take(part) >= 0) {
                        near.write(part.flip());
                        part.clear();
                    }
                } finally {
                    broken = true; // or at its end
                }
            });
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (broken) {
                throw new IOException("the worker is gone");
            }
            return going.put(source);
        }

        @Override
        public void giveUpIf(BooleanSupplier condition) {}

        @Override
        public void neverGiveUp() {}

        @Override
        public boolean isOpen() {
            return !broken;
        }

        @Override
        public void close() {
            going.end();
            try {
                writer.join();
            } catch (InterruptedException meantForSomethingElse) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What a thread does until a connection ends. */
    private interface Transfer {
        void run() throws IOException;
    }

    private static Thread start(String name, Transfer transfer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        transfer.run();
                    } catch (IOException gone) {
                        System.err.println(name + ": " + gone);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
