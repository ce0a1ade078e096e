package lox.examples;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Callable;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Functions of none and of three arguments, and without a result, in a child JVM. */
public final class AnyFunction {
    private AnyFunction() {}

    /** The arguments of a function of three. */
    record Order(String customer, int pieces, double price) implements Serializable {
        double total() {
            return pieces * price;
        }
    }

    /** A call that travels to a child JVM, with what it captures. */
    interface Call<R> extends Callable<R>, Serializable {}

    /** The same without a result. */
    interface Action extends Runnable, Serializable {}

    public static void main(String[] args) {
        Scatter<Order, Double> total = Lox.process(1, Order::total);
        System.out.println(total.gather(List.of(new Order("Ada", 2, 1.5), new Order("Bob", 3, 2.0))));

        Scatter<Call<String>, String> calls = Lox.process(1, Call::call);
        int answer = 42;
        calls.scatter(() -> "the answer is " + answer);
        calls.scatter("LOX"::toLowerCase);
        System.out.println(calls.gather());

        Scatter<Action, Boolean> actions = Lox.process(1, action -> {
            action.run();
            return true;
        });
        actions.scatter(() -> System.setProperty("answer", "42"));
        actions.scatter(System::gc);
        System.out.println(actions.gather());
    }
}
