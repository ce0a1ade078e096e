package lox.sync.process;

import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/** A worker's two busy threads: one reads what the parent says, the other runs tasks. */
final class WorkerLoop {
    private static final long KEPT_BACK_NANOS = 1_000_000;
    private static final long LAST_NANOS = 500_000_000;

    /** What has arrived in the place of a value that could not be received. */
    private record Unreceived(Throwable reason) {}

    private record Setup(
            int number, @Nullable Object codec, @Nullable Object initializer) {}

    private final Source in;
    private final Outbox outbox;
    private final Inbox inbox;
    private final ClassLoader loader;
    private final Values plain;
    private final Values functionValues;
    private Values values; // the running thread's
    private final Map<Long, Object> functions = new ConcurrentHashMap<>(); // as received, until the first task needs it
    private final Map<Integer, CompletableFuture<byte @Nullable []>> questions = new ConcurrentHashMap<>();
    private final AtomicInteger question = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile @Nullable Setup setup;

    WorkerLoop(Line line, Outbox outbox) {
        this.in = new Source(line);
        this.outbox = outbox;
        this.inbox = new Inbox(outbox);
        this.loader = new ParentClassLoader(ClassLoader.getSystemClassLoader(), this::ask);
        this.plain = new Values(Codec.javaSerialization(), loader, null, null);
        this.functionValues = plain.ofFunctions();
        this.values = plain;
        Thread.currentThread().setContextClassLoader(loader);
    }

    // ---- the running thread ----------------------------------------------------------------------------------------

    /** Runs tasks; never returns. */
    void run() throws IOException {
        Sink message = new Sink();
        if (!initialize(message)) {
            await(new CountDownLatch(1)); // for the end: the parent has what it needs
        }
        long kept = System.nanoTime();
        for (; ; ) {
            Inbox.Task task = inbox.take();
            runOne(task, message);
            outbox.add(message);
            Thread.interrupted(); // whoever set it, it was meant for that task
            long now = System.nanoTime();
            if (now - kept > KEPT_BACK_NANOS || !inbox.hasTask()) {
                outbox.flush();
                kept = now;
            }
        }
    }

    private boolean initialize(Sink message) throws IOException {
        await(begun);
        Setup first = Objects.requireNonNull(setup, "setup");
        boolean ready = true;
        try {
            if (open(first.codec, plain, "the codec") instanceof Codec codec) {
                values = new Values(codec, loader, null, null);
            }
            if (open(first.initializer, functionValues, "the initializer") instanceof Work<?, ?> initializer) {
                apply(initializer, first.number);
            }
            message.write(Protocol.READY);
            message.writeLong(Runtime.getRuntime().maxMemory());
        } catch (Throwable thrown) {
            ready = false;
            message.write(Protocol.UNREADY);
            values.writeFailure(thrown, message);
        }
        outbox.add(message);
        outbox.flush();
        return ready;
    }

    /** Runs a task and makes a message of what came of it. Whatever goes wrong is that task's failure. */
    private void runOne(Inbox.Task task, Sink message) {
        try {
            Object result = apply(function(task.function()), open(task.argument(), values, "the argument"));
            message.write(Protocol.RESULT);
            values.write(result, message, "the result");
        } catch (Throwable thrown) {
            message.clear();
            message.write(Protocol.FAILURE);
            values.writeFailure(thrown, message);
        }
    }

    private Work<?, ?> function(long id) throws Throwable {
        Object function = functions.get(id);
        if (!(function instanceof Work<?, ?>)) {
            function = open(function, functionValues, "the function");
            if (!(function instanceof Work<?, ?>)) {
                throw new IllegalStateException("the parent has sent no function " + id);
            }
            functions.put(id, function);
        }
        return (Work<?, ?>) function;
    }

    private static @Nullable Object open(@Nullable Object received, Values values, String what) throws Throwable {
        if (received instanceof Unreceived failed) {
            throw failed.reason;
        }
        return values.open(received, what);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the parent's compiler has seen to it
    private static <A extends @Nullable Object> @Nullable Object apply(Work<A, ?> work, @Nullable Object argument)
            throws Exception {
        return work.run((A) argument);
    }

    private static void await(CountDownLatch latch) {
        boolean open = false;
        while (!open) {
            try {
                latch.await();
                open = true;
            } catch (InterruptedException meantForSomethingElse) {
                open = latch.getCount() == 0;
            }
        }
    }

    // ---- any thread that lacks a class -----------------------------------------------------------------------------

    private byte @Nullable [] ask(String resource) {
        int number = question.incrementAndGet();
        CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
        questions.put(number, answer);
        Sink message = new Sink();
        message.write(Protocol.ASK);
        message.writeInt(number);
        plain.write(resource, message, "the name of a resource");
        try {
            outbox.add(message);
            outbox.flush();
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException("the parent cannot be asked for " + resource, gone);
        }
        boolean interrupted = Thread.interrupted();
        try {
            return answer.join();
        } finally {
            questions.remove(number);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- the reading thread ----------------------------------------------------------------------------------------

    /** Reads until the parent is gone. */
    void read() {
        Sink message = new Sink();
        try {
            for (; ; ) {
                hear(message);
            }
        } catch (EOFException gone) { // the life line has ended too, and its thread cleans up; but in case it has not:
            LockSupport.parkNanos(LAST_NANOS);
            LifeLine.halt();
        } catch (Throwable broken) { // no memory to read on, or a fault of lox: the tasks have to go to another worker
            broken.printStackTrace(); // which the parent forwards to whoever reads the workers' output
            LifeLine.halt();
        }
    }

    private void hear(Sink message) throws IOException {
        byte kind = in.readByte();
        switch (kind) {
            case Protocol.SETUP -> {
                int number = in.readInt();
                setup = new Setup(number, receive(), receive());
                begun.countDown();
            }
            case Protocol.FUNCTION -> {
                long id = in.readLong();
                Object function = receive();
                functions.put(id, function == null ? new Unreceived(new NullPointerException("function")) : function);
            }
            case Protocol.FORGET -> functions.remove(in.readLong());
            case Protocol.RUN -> hearRun();
            case Protocol.RECALL -> {
                long run = in.readLong();
                message.write(Protocol.RECALLED);
                message.writeLong(run);
                message.writeInt(inbox.recall(run));
                outbox.add(message);
                outbox.flush();
            }
            case Protocol.ANSWER -> {
                CompletableFuture<byte @Nullable []> asked = questions.get(in.readInt());
                int length = in.readInt();
                byte[] content = length < 0 ? null : in.readArray(length);
                if (asked != null) {
                    asked.complete(content);
                }
            }
            case Protocol.BYE -> new Thread(() -> System.exit(0), "lox-bye").start();
            default -> throw new IOException("the parent has said " + kind);
        }
    }

    private void hearRun() throws IOException {
        long id = in.readLong();
        long function = in.readLong();
        int size = in.readInt();
        Inbox.Run run = new Inbox.Run(id, function, size);
        inbox.add(run);
        for (int i = 0; i < size; i++) {
            run.set(i, receive());
            if (i == size - 1 || in.isTimeToTell()) {
                inbox.arrived(run, i + 1);
            }
        }
    }

    private @Nullable Object receive() throws IOException {
        try {
            return Values.receive(in);
        } catch (OutOfMemoryError tooLarge) {
            return new Unreceived(tooLarge);
        }
    }
}
