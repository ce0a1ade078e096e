package lox.sync.internal.process;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.internal.result.FailureText;
import lox.sync.process.Codec;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/** A worker's two busy threads: one reads the parent's messages, the other runs tasks. */
final class WorkerLoop {
    private static final long KEPT_BACK_NANOS = 1_000_000;

    /** The exit code of a process that can no longer do its work. */
    private static final int BROKEN = 87;

    /** Takes the place of a value that could not be received. */
    private record Unreceived(Throwable reason) {}

    private record Setup(
            int number, @Nullable Object codec, @Nullable Object initializer) {}

    private final WireReader in;
    private final CrashSafeOutput output;
    private final TaskOutput.Streams streams;
    private final ParentDeathWatch parent;
    private final ReceivedTasks tasks;
    private final ClassLoader loader;
    private final ValueCodec plain;
    private final ValueCodec functionValues;
    private ValueCodec values; // the running thread's
    private final Map<Long, Object> functions = new ConcurrentHashMap<>(); // as received, until the first task needs it
    private final Map<Integer, CompletableFuture<byte @Nullable []>> questions = new ConcurrentHashMap<>();
    private final AtomicInteger question = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile @Nullable Setup setup;

    WorkerLoop(
            UninterruptibleChannel channel,
            CrashSafeOutput output,
            TaskOutput.Streams streams,
            ParentDeathWatch parent) {
        this.in = new WireReader(channel);
        this.output = output;
        this.streams = streams;
        this.parent = parent;
        this.tasks = new ReceivedTasks(output);
        this.loader = new ParentClassLoader(ClassLoader.getSystemClassLoader(), this::ask);
        this.plain = new ValueCodec(Codec.javaSerialization(), loader, null, null);
        this.functionValues = plain.ofFunctions();
        this.values = plain;
        Thread.currentThread().setContextClassLoader(loader);
    }

    // ---- the running thread ----------------------------------------------------------------------------------------

    /**
     * Runs tasks; never returns. If it cannot go on, it ends the process: the parent has to see a crash, not silence.
     */
    void run() {
        try {
            runTasks();
        } catch (IOException unreachable) {
            ParentDeathWatch.awaitEnd();
            explain("reach its parent", unreachable);
        } catch (Throwable broken) {
            explain("run tasks", broken);
        } finally { // without memory, even the literals above can fail
            ParentDeathWatch.halt(BROKEN);
        }
    }

    /** Writes to standard error, which the parent forwards and remembers, why this process is about to end. */
    private static void explain(String what, Throwable broken) {
        System.err.println("lox: this worker process can no longer " + what + ": " + FailureText.of(broken));
        broken.printStackTrace();
    }

    private void runTasks() throws IOException {
        WireWriter message = new WireWriter();
        if (!initialize(message)) {
            await(new CountDownLatch(1)); // for the end: the parent has what it needs
        }
        long kept = System.nanoTime();
        for (; ; ) {
            ReceivedTasks.Task task = tasks.take();
            runOne(task, message);
            streams.endTask(); // before its result leaves
            output.add(message);
            Thread.interrupted(); // an interrupt was meant for that task
            long now = System.nanoTime();
            if (now - kept > KEPT_BACK_NANOS || !tasks.hasTask()) {
                output.flush();
                kept = now;
            }
        }
    }

    private boolean initialize(WireWriter message) throws IOException {
        await(begun);
        Setup first = Objects.requireNonNull(setup, "setup");
        boolean ready = true;
        try {
            if (open(first.codec, plain, "the codec") instanceof Codec codec) {
                values = new ValueCodec(codec, loader, null, null);
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
        streams.endTask();
        output.add(message);
        output.flush();
        return ready;
    }

    /** Runs a task and makes a message of what came of it. Whatever goes wrong is that task's failure. */
    private void runOne(ReceivedTasks.Task task, WireWriter message) {
        long begun = task.timed() ? System.nanoTime() : 0;
        long took = -1;
        try {
            Work<?, ?> function = function(task.function());
            Object argument = open(task.argument(), values, "the argument");
            begun = task.timed() ? System.nanoTime() : 0;
            Object result = apply(function, argument);
            took = writeTime(task, begun, took, message);
            message.write(Protocol.RESULT);
            values.write(result, message, "the result");
        } catch (Throwable thrown) {
            message.clear();
            writeTime(task, begun, took, message);
            message.write(Protocol.FAILURE);
            values.writeFailure(thrown, message);
        }
    }

    /** Writes how long a task took, if the parent wants to know: until now, unless that is known. Returns it. */
    private static long writeTime(ReceivedTasks.Task task, long begun, long known, WireWriter message) {
        long took = known >= 0 || !task.timed() ? known : System.nanoTime() - begun;
        if (task.timed()) {
            message.write(Protocol.TOOK);
            message.writeLong(took);
        }
        return took;
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

    private static @Nullable Object open(@Nullable Object received, ValueCodec values, String what) throws Throwable {
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
        WireWriter message = new WireWriter();
        message.write(Protocol.ASK);
        message.writeInt(number);
        plain.write(resource, message, "the name of a resource");
        try {
            output.add(message);
            output.flush();
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
        WireWriter message = new WireWriter();
        try {
            for (; ; ) {
                readMessage(message);
            }
        } catch (IOException gone) { // which a reset connection is, too
            parent.leave();
        } catch (Throwable broken) { // no memory to read on, or a fault of lox: the tasks have to go to another worker
            explain("read from its parent", broken);
        } finally {
            ParentDeathWatch.halt(BROKEN);
        }
    }

    private void readMessage(WireWriter message) throws IOException {
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
            case Protocol.RUN -> readRun(false);
            case Protocol.RUN_TIMED -> readRun(true);
            case Protocol.RECALL -> {
                tasks.answerRecall(in.readLong(), message);
                output.flush();
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
            default -> throw new IllegalStateException("the parent has said " + kind);
        }
    }

    private void readRun(boolean timed) throws IOException {
        long id = in.readLong();
        long function = in.readLong();
        int size = in.readInt();
        ReceivedTasks.Run run = new ReceivedTasks.Run(id, function, size, timed);
        tasks.add(run);
        for (int i = 0; i < size; i++) {
            run.set(i, receive());
            if (i == size - 1 || in.isTimeToTell()) {
                tasks.arrived(run, i + 1);
            }
        }
    }

    private @Nullable Object receive() throws IOException {
        try {
            return ValueCodec.receive(in);
        } catch (OutOfMemoryError tooLarge) {
            return new Unreceived(tooLarge);
        }
    }
}
