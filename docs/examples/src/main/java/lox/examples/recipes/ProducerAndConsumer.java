package lox.examples.recipes;

import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Shown in docs/recipes/producer-and-consumer.md. */
public class ProducerAndConsumer {
    static int fib(int n) {
        return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
    }

    public static void main(String[] args) {
        Workers consumers = Workers.threads(2).named("consumer").queueLimit(3).build();
        Scatter<Integer, Integer> fib = Lox.on(consumers, ProducerAndConsumer::fib);
        for (int n = 1; n <= 10; n++) {
            fib.scatter(n); // the producer waits here while three arguments have not been taken up
        }
        System.out.println(fib.gather()); // task_done and join: all have been consumed
    }
}
