package lox.contract;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.Workers;

/**
 * Functions of every form in the way that the guide documents. Each library has the same text with its own imports: what
 * is shown first of all is that it compiles, with a lambda and with a method reference, for the function as for the calls.
 */
interface FunctionForms {
    /** The arguments of a function of three. */
    record Order(String customer, int pieces, double price) implements Serializable {
        static final List<Order> TWO = List.of(new Order("Ada", 2, 1.5), new Order("Bob", 3, 2.0));

        double total() {
            return pieces * price;
        }
    }

    /** As the guide has it: what is scattered to a child JVM has to be serialisable. */
    interface Call<R> extends Callable<R>, Serializable {}

    interface Action extends Runnable, Serializable {}

    /** What actions have done in the JVM in which they ran. */
    final class Effects {
        private static final AtomicInteger SUM = new AtomicInteger();

        private Effects() {}

        static void add(int number) {
            SUM.addAndGet(number);
        }

        static void addTen() {
            add(10);
        }

        static int take() {
            return SUM.getAndSet(0);
        }
    }

    static int answer() {
        return 42;
    }

    static boolean run(Action action) {
        action.run();
        return true;
    }

    // ---- of each form: results by a function that is a lambda, and by one that is a method reference ----------------

    List<List<String>> ofTwoArguments(Workers workers);

    /** The totals of {@link Order#TWO}. */
    List<List<Double>> ofThreeArguments(Workers workers);

    /** The product, the number of pieces of the second order, and the answer. */
    List<List<Integer>> ofNoArgument(Workers workers, int factor, int other);

    /** One by one, each with a result of its own: the product and the answer. */
    List<Integer> callables(Workers workers, int factor, int other);

    /** Adds the number once and ten once, by each of the functions. */
    List<List<Boolean>> withoutResult(Workers workers, int number);

    /** One by one: adds the number, and ten. */
    List<Boolean> runnables(Workers workers, int number);

    /** What actions have done where the calls run. */
    int takeEffects(Workers workers);

    /** With the types of the JDK, which cannot travel: the answer, and that an action has added ten. */
    List<Object> ofTheJdk(Workers workers);
}
