package lox.sync.internal.process;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * The functions that one worker has, by number. A function is sent before the first run that needs it. The worker may
 * forget it when it has been collected here, or when the worker has many that were used later. For the thread that has
 * the worker.
 */
final class SentFunctions {
    private static final int MOST = 64;

    private record Function(WeakReference<Work<?, ?>> work, long number) {}

    private final WorkerSender sender;
    private final ValueCodec values;
    private final SeenClassLoaders loaders;
    private final Deque<Function> functions = new ArrayDeque<>(); // the one used last comes first
    private long last;

    SentFunctions(WorkerSender sender, ValueCodec values, SeenClassLoaders loaders) {
        this.sender = sender;
        this.values = values.ofFunctions();
        this.loaders = loaders;
    }

    /**
     * The function's number, under which the worker has it from now on.
     *
     * @param message an empty one, empty again afterwards
     * @param giveUp asked while it cannot be sent; true ends the worker
     */
    long send(Work<?, ?> work, WireWriter message, BooleanSupplier giveUp) {
        Function known = find(work);
        if (known != null) {
            return known.number;
        }
        long number = ++last;
        loaders.remember(work.getClass());
        message.write(Protocol.FUNCTION);
        message.writeLong(number);
        values.write(work, message, "the function");
        sender.send(message, giveUp);
        functions.addFirst(new Function(new WeakReference<>(work), number));
        forgetOld(message, giveUp);
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

    private void forgetOld(WireWriter message, BooleanSupplier giveUp) {
        List<Function> old = new ArrayList<>();
        functions.removeIf(function -> function.work.refersTo(null) && old.add(function));
        while (functions.size() > MOST) {
            old.add(functions.removeLast());
        }
        for (Function function : old) {
            message.write(Protocol.FORGET);
            message.writeLong(function.number);
            sender.send(message, giveUp);
        }
    }
}
