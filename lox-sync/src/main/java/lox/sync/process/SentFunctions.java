package lox.sync.process;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * The functions that one worker has, by number. A function is sent before the first run that needs it; the worker may forget it when
 * nobody has it any more, or when it has many that were used later. For the thread that has the worker.
 */
final class SentFunctions {
    private static final int MOST = 64;

    private record Function(WeakReference<Work<?, ?>> work, long number) {}

    private final Sender sender;
    private final Values values;
    private final Loaders loaders;
    private final Deque<Function> functions = new ArrayDeque<>(); // the one used last comes first
    private long last;

    SentFunctions(Sender sender, Values values, Loaders loaders) {
        this.sender = sender;
        this.values = values.ofFunctions();
        this.loaders = loaders;
    }

    /**
     * The function's number, under which the worker has it from now on.
     *
     * @param message an empty one, empty again afterwards
     */
    long send(Work<?, ?> work, Sink message) {
        Function known = find(work);
        if (known != null) {
            return known.number;
        }
        long number = ++last;
        loaders.remember(work.getClass());
        message.write(Protocol.FUNCTION);
        message.writeLong(number);
        values.write(work, message, "the function");
        sender.send(message);
        functions.addFirst(new Function(new WeakReference<>(work), number));
        forgetOld(message);
        return number;
    }

    private @Nullable Function find(Work<?, ?> work) {
        Function first = functions.peekFirst();
        if (first != null && first.work.refersTo(work)) {
            return first;
        }
        for (Function function : functions) {
            if (function.work.refersTo(work)) {
                functions.remove(function);
                functions.addFirst(function);
                return function;
            }
        }
        return null;
    }

    private void forgetOld(Sink message) {
        List<Function> old = new ArrayList<>();
        functions.removeIf(function -> function.work.refersTo(null) && old.add(function));
        while (functions.size() > MOST) {
            old.add(functions.removeLast());
        }
        for (Function function : old) {
            message.write(Protocol.FORGET);
            message.writeLong(function.number);
            sender.send(message);
        }
    }
}
