package lox.contract;

import java.util.function.Consumer;
import java.util.function.Function;
import lox.sync.FunnelOptions;
import lox.sync.JobFunnel;
import lox.sync.JobInput;
import lox.sync.Joined;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;

/**
 * A Funnel of one of the libraries: everything in which they differ.
 *
 * @param library whose it is
 * @param funnel the Funnel
 * @param items what it emits
 * @param inputs makes an input
 */
record HotFunnel(Library library, JobFunnel<Integer> funnel, Publisher<Joined<Integer>> items, Inputs inputs) {
    /** An input, and a way to feed it. */
    record Input(JobInput<Integer, Integer> input, Feed feed) {
        void put(int job, int value) {
            input.put(job, value);
        }
    }

    interface Feed {
        void from(Publisher<Integer> publisher, Function<Integer, Integer> jobIdOf);
    }

    interface Inputs {
        Input make(String name, boolean optional);
    }

    /** Options, whatever the builder. */
    interface Options extends Consumer<FunnelOptions<Integer, ?>> {}

    Input input(String name) {
        return inputs.make(name, false);
    }

    Input optionalInput(String name) {
        return inputs.make(name, true);
    }

    Setup setup() {
        return new Setup(library, Setup.Kind.THREADS);
    }

    static HotFunnel open(Library library, Options options) {
        if (library == Library.SYNC) {
            lox.sync.Funnel.Builder<Integer> builder = lox.sync.Funnel.builder();
            options.accept(builder);
            lox.sync.Funnel<Integer> funnel = builder.build();
            return new HotFunnel(library, funnel, FlowAdapters.toPublisher(funnel.asPublisher()), (name, optional) -> {
                lox.sync.Funnel.Input<Integer, Integer> input =
                        optional ? funnel.optionalInput(name) : funnel.input(name);
                return new Input(input, (publisher, id) -> input.from(FlowAdapters.toFlowPublisher(publisher), id));
            });
        }
        if (library == Library.REACTOR) {
            lox.reactor.Funnel.Builder<Integer> builder = lox.reactor.Funnel.builder();
            options.accept(builder);
            lox.reactor.Funnel<Integer> funnel = builder.build();
            return new HotFunnel(library, funnel, funnel.asFlux(), (name, optional) -> {
                lox.reactor.Funnel.Input<Integer, Integer> input =
                        optional ? funnel.optionalInput(name) : funnel.input(name);
                return new Input(input, input::from);
            });
        }
        lox.rxjava.Funnel.Builder<Integer> builder = lox.rxjava.Funnel.builder();
        options.accept(builder);
        lox.rxjava.Funnel<Integer> funnel = builder.build();
        return new HotFunnel(library, funnel, funnel.asFlowable(), (name, optional) -> {
            lox.rxjava.Funnel.Input<Integer, Integer> input =
                    optional ? funnel.optionalInput(name) : funnel.input(name);
            return new Input(input, (publisher, id) -> input.from(publisher, id::apply));
        });
    }
}
