package lox.sync.internal.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.AbandonableChannel;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerLink;
import lox.test.DelayedBytes;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers on this machine and puts them far away: all bytes, in both directions, and an order to kill take half
 * a trip, however many are on their way. What the worker has started is known at once, before a network could tell.
 */
final class DistantHost implements WorkerHost {
    private static final int PART = 64 * 1024;

    private final WorkerHost near;
    private final long tripNanos;

    DistantHost(WorkerContext context, long tripNanos) {
        this.near = WorkerPool.host(context, new NestingLimit(context.pool()));
        this.tripNanos = tripNanos;
    }

    @Override
    public @Nullable WorkerLink start(int number, BooleanSupplier wanted, BooleanSupplier wantsNew) throws IOException {
        WorkerLink link = near.start(number, wanted, wantsNew);
        return link == null ? null : new Link(link, tripNanos);
    }

    private static final class Link implements WorkerLink {
        private final WorkerLink near;
        private final long tripNanos;
        private final DelayedBytes coming;
        private final Way way;
        private final Thread reader = new Thread(this::read, "distance-read");

        Link(WorkerLink near, long tripNanos) {
            this.near = near;
            this.tripNanos = tripNanos;
            this.coming = new DelayedBytes(tripNanos / 2);
            this.way = new Way(near.output(), tripNanos / 2);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            ByteBuffer part = ByteBuffer.allocate(PART);
            try {
                while (near.input().read(part) >= 0) {
                    coming.put(part.flip());
                    part.clear();
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable); // shown by the thread's handler
            } finally {
                coming.end();
            }
        }

        @Override
        public ReadableByteChannel input() {
            return new ReadableByteChannel() {
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
            };
        }

        @Override
        public AbandonableChannel output() {
            return way;
        }

        @Override
        public long tripNanos() {
            return tripNanos;
        }

        @Override
        public long started() throws IOException {
            return near.started();
        }

        @Override
        public boolean holdsUnfinishedLine() {
            return near.holdsUnfinishedLine();
        }

        @Override
        public void forwardAll() {
            near.forwardAll();
        }

        @Override
        public boolean isForwarding() {
            return near.isForwarding();
        }

        @Override
        public void kill() {
            CompletableFuture.delayedExecutor(tripNanos / 2, TimeUnit.NANOSECONDS)
                    .execute(near::kill);
        }

        @Override
        public void awaitEnd() {
            near.awaitEnd();
        }

        @Override
        public long pid() {
            return near.pid();
        }

        @Override
        public String describe() {
            return near.describe() + ", far away";
        }

        @Override
        public WorkerCrashedException crash(String what) {
            return near.crash(what);
        }

        @Override
        public void close() {
            way.end();
            near.close();
        }
    }

    /** The way to the worker. What it has taken in is sent on, by a thread of its own. */
    private static final class Way implements AbandonableChannel {
        private final AbandonableChannel near;
        private final DelayedBytes going;
        private final Thread writer = new Thread(this::write, "distance-write");
        private volatile @Nullable IOException broken;

        Way(AbandonableChannel near, long nanos) {
            this.near = near;
            this.going = new DelayedBytes(nanos);
            writer.setDaemon(true);
            writer.start();
        }

        private void write() {
            ByteBuffer part = ByteBuffer.allocate(PART);
            while (going.take(part) >= 0) {
                part.flip();
                try {
                    if (broken == null) {
                        near.write(part);
                    }
                } catch (IOException gone) {
                    broken = gone;
                }
                part.clear();
            }
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            IOException known = broken;
            if (known != null) {
                throw new IOException("the way is broken", known);
            }
            return going.put(source);
        }

        /** Writes take no time: there is nothing to give up. */
        @Override
        public void giveUpIf(BooleanSupplier condition) {}

        @Override
        public void neverGiveUp() {}

        @Override
        public boolean isOpen() {
            return broken == null;
        }

        @Override
        public void close() {
            end();
        }

        /** Call after the end of the worker, when its connection takes nothing more. */
        void end() {
            going.end();
            try {
                writer.join();
            } catch (InterruptedException meantForSomethingElse) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
