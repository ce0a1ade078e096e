package lox.sync.internal.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Does to callables and their results what a data grid does: they travel as bytes. */
final class SerialisingExecutor extends ThreadPoolExecutor {
    final AtomicInteger submitted = new AtomicInteger();
    final AtomicInteger mostUnderWay = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    SerialisingExecutor(int threads) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), job -> {
            Thread thread = new Thread(job, "grid");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    @SuppressWarnings("unchecked") // they are what was written
    public <T> Future<T> submit(Callable<T> callable) {
        submitted.incrementAndGet();
        byte[] sent = write(callable);
        return super.submit(() -> {
            mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            try {
                Callable<T> received = (Callable<T>) read(sent);
                return (T) read(write(received.call()));
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    private static byte[] write(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
