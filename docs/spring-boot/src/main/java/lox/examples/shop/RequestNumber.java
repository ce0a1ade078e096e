package lox.examples.shop;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The number of the request that is served: in each line of the log, those of lox's workers included. */
@Component
public final class RequestNumber implements WebFilter {
    /** The name of its header, and of its value in the log. */
    public static final String KEY = "request";

    /** That of the request which the calling thread works for. */
    public static @Nullable String current() {
        return MDC.get(KEY);
    }

    static void set(String number) {
        MDC.put(KEY, number);
    }

    static void remove() {
        MDC.remove(KEY);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String number = exchange.getRequest().getHeaders().getFirst(KEY);
        Mono<Void> served = chain.filter(exchange);
        return number == null ? served : served.contextWrite(context -> context.put(KEY, number));
    }
}
