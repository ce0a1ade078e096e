package lox.benchmarks.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What one writes by hand: a child JVM, object streams over its standard streams, one task at a time. */
final class OneAtATime implements AutoCloseable {
    private final Process process;
    private final ObjectOutputStream out;
    private final ObjectInputStream in;

    OneAtATime() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneAtATime.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream()));
        out.flush();
        in = new ObjectInputStream(new BufferedInputStream(process.getInputStream()));
    }

    Object call(Object argument) throws IOException, ClassNotFoundException {
        out.writeObject(argument);
        out.flush();
        out.reset();
        return in.readObject();
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }

    /**
     * The child: answers each number with the next.
     *
     * @param args none are read
     * @throws Exception if the streams break
     */
    public static void main(String[] args) throws Exception {
        ObjectOutputStream answers = new ObjectOutputStream(new BufferedOutputStream(System.out));
        answers.flush();
        ObjectInputStream questions = new ObjectInputStream(new BufferedInputStream(System.in));
        try {
            while (true) {
                int question = (Integer) questions.readObject();
                answers.writeObject(question + 1);
                answers.flush();
                answers.reset();
            }
        } catch (EOFException end) {
            answers.close();
        }
    }

    /** Nanoseconds a task, with so many children, each driven by a thread. */
    static double nanosPerTask(int children, int tasks) throws IOException, InterruptedException, ExecutionException {
        ExecutorService drivers = Executors.newFixedThreadPool(children);
        List<OneAtATime> workers = new ArrayList<>();
        try {
            for (int i = 0; i < children; i++) {
                workers.add(new OneAtATime());
            }
            run(drivers, workers, tasks / 4); // to be warm
            long begun = System.nanoTime();
            run(drivers, workers, tasks);
            return (double) (System.nanoTime() - begun) / tasks;
        } finally {
            drivers.shutdown();
            for (OneAtATime worker : workers) {
                worker.close();
            }
        }
    }

    private static void run(ExecutorService drivers, List<OneAtATime> workers, int tasks)
            throws InterruptedException, ExecutionException {
        List<Callable<Integer>> jobs = new ArrayList<>();
        for (OneAtATime worker : workers) {
            jobs.add(() -> {
                int last = 0;
                for (int i = 0; i < tasks / workers.size(); i++) {
                    last = (Integer) worker.call(i);
                    if (last != i + 1) {
                        throw new IllegalStateException(i + " became " + last);
                    }
                }
                return last;
            });
        }
        for (Future<Integer> job : drivers.invokeAll(jobs)) {
            job.get();
        }
    }
}
