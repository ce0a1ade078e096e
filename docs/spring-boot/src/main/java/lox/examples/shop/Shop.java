package lox.examples.shop;

import io.micrometer.context.ContextRegistry;
import lox.micrometer.LoxMetrics;
import lox.sync.Workers;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts the service, and says which workers it has. */
@SpringBootApplication(proxyBeanMethods = false)
public class Shop {
    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(Shop.class, args);
    }

    /** Spring Boot binds it to its registries. */
    @Bean
    LoxMetrics loxMetrics() {
        return LoxMetrics.create();
    }

    /** For calls that wait: at most eight at once, however many requests there are. */
    @Bean
    Workers network(LoxMetrics metrics) {
        return metrics.monitor(Workers.threads(8).named("network"));
    }

    /** For what is not safe to run in this JVM, or needs a heap of its own. */
    @Bean
    Workers jvms(LoxMetrics metrics) {
        return metrics.monitor(Workers.processes(2).named("jvms").maxHeap(64L << 20));
    }

    /** Lets the number of the request travel: from Reactor's context to a thread-local and from there into tasks. */
    @Bean
    ContextRegistry contextRegistry() {
        return ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        RequestNumber.KEY, RequestNumber::current, RequestNumber::set, RequestNumber::remove);
    }
}
