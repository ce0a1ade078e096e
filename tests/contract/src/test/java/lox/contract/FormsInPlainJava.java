package lox.contract;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import lox.sync.BiScatter;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** The forms of functions in plain Java. */
final class FormsInPlainJava implements FunctionForms {
    @Override
    public List<List<String>> ofTwoArguments(Workers workers) {
        BiScatter<String, Integer, String> lambda = Lox.biOn(workers, (word, times) -> word.repeat(times));
        BiScatter<String, Integer, String> reference = Lox.biOn(workers, String::repeat);
        for (BiScatter<String, Integer, String> repeat : List.of(lambda, reference)) {
            repeat.scatter("lox", 2);
            repeat.scatter("!", 3);
        }
        return List.of(of(lambda.gather()), of(reference.gather()));
    }

    @Override
    public List<List<Double>> ofThreeArguments(Workers workers) {
        Scatter<Order, Double> lambda = Lox.on(workers, order -> order.pieces() * order.price());
        Scatter<Order, Double> reference = Lox.on(workers, Order::total);
        return List.of(of(lambda.gather(Order.TWO)), of(reference.gather(Order.TWO)));
    }

    @Override
    public List<List<Integer>> ofNoArgument(Workers workers, int factor, int other) {
        Scatter<Call<Integer>, Integer> lambda = Lox.on(workers, call -> call.call());
        Scatter<Call<Integer>, Integer> reference = Lox.on(workers, Call::call);
        for (Scatter<Call<Integer>, Integer> calls : List.of(lambda, reference)) {
            calls.scatter(() -> factor * other);
            calls.scatter(Order.TWO.get(1)::pieces);
            calls.scatter(FunctionForms::answer);
        }
        return List.of(of(lambda.gather()), of(reference.gather()));
    }

    @Override
    public List<Integer> callables(Workers workers, int factor, int other) {
        Scatter<Call<Integer>, Integer> calls = Lox.on(workers, Call::call);
        CompletableFuture<Integer> lambda = calls.submit(() -> factor * other);
        CompletableFuture<Integer> reference = calls.submit(FunctionForms::answer);
        return List.of(of(lambda), of(reference));
    }

    @Override
    public List<List<Boolean>> withoutResult(Workers workers, int number) {
        Scatter<Action, Boolean> lambda = Lox.on(workers, action -> {
            action.run();
            return true;
        });
        Scatter<Action, Boolean> reference = Lox.on(workers, FunctionForms::run);
        for (Scatter<Action, Boolean> actions : List.of(lambda, reference)) {
            actions.scatter(() -> Effects.add(number));
            actions.scatter(Effects::addTen);
        }
        return List.of(of(lambda.gather()), of(reference.gather()));
    }

    @Override
    public List<Boolean> runnables(Workers workers, int number) {
        Scatter<Action, Boolean> actions = Lox.on(workers, action -> {
            action.run();
            return true;
        });
        CompletableFuture<Boolean> lambda = actions.submit(() -> Effects.add(number));
        CompletableFuture<Boolean> reference = actions.submit(Effects::addTen);
        return List.of(of(lambda), of(reference));
    }

    @Override
    public int takeEffects(Workers workers) {
        Scatter<Call<Integer>, Integer> calls = Lox.on(workers, Call::call);
        return of(calls.submit(Effects::take));
    }

    @Override
    public List<Object> ofTheJdk(Workers workers) {
        Scatter<Callable<Integer>, Integer> calls = Lox.on(workers, Callable::call);
        calls.scatter(() -> 6 * 7);
        calls.scatter(FunctionForms::answer);
        Object called = of(calls.gather()); // first: no failure is to be left behind in a batch
        Scatter<Runnable, Boolean> jobs = Lox.on(workers, job -> {
            job.run();
            return true;
        });
        jobs.scatter(() -> Effects.add(10));
        jobs.scatter(Effects::addTen);
        return List.of(called, of(jobs.gather()));
    }

    private static <V> List<V> of(List<V> gathered) {
        return gathered;
    }

    private static <V> V of(CompletableFuture<V> submitted) {
        return submitted.join();
    }

    @Override
    public String toString() {
        return "plain Java";
    }
}
