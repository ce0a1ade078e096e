package lox.sync.process;

import java.io.IOException;
import lox.sync.engine.Work;

/**
 * Has a new worker process load the classes that its first task will need, those of Java serialization and of lambdas, while another
 * thread connects to the parent. Each of the two takes some tens of milliseconds, and there is a second processor as a rule.
 */
final class HeadStart implements Runnable {
    @Override
    public void run() {
        try {
            travel(argument -> argument);
        } catch (IOException
                | RuntimeException
                | Error noHeadStart) { // what the tasks need they will load, or say why not
            System.getLogger(HeadStart.class.getName())
                    .log(System.Logger.Level.DEBUG, "no classes were loaded ahead of the first task", noHeadStart);
        }
    }

    /** A function's way to a worker, but for the wire. */
    private static void travel(Work<Integer, Integer> function) throws IOException {
        Values values = new Values(Codec.javaSerialization(), ClassLoader.getSystemClassLoader(), type -> {}, null);
        Sink sink = new Sink();
        values.write(function, sink, "a function");
        Object received = values.open(Values.receive(new Source(sink.toByteArray())), "a function");
        if (!(received instanceof Work<?, ?>)) {
            throw new IllegalStateException("a function has become " + received);
        }
    }
}
