package lox.examples.shop;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import lox.reactor.Locks;
import lox.sync.lock.QLock;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Sells what there is, and no more, though each sale takes several steps on several threads. */
@RestController
@RequestMapping("/orders")
final class Stock {
    private static final int AT_FIRST = 10;

    private final QLock lock = new QLock();
    private final Map<String, Integer> left = new HashMap<>(); // under the lock

    /** How many are left. */
    @PostMapping("/{item}")
    Mono<Integer> order(@PathVariable String item) {
        return Locks.usingMono(
                lock,
                permit -> Mono.fromSupplier(() -> left.getOrDefault(item, AT_FIRST))
                        .filter(count -> count > 0)
                        .switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.CONFLICT, "sold out")))
                        .delayElement(Duration.ofMillis(1)) // asks the warehouse, say, and goes on in another thread
                        .map(count -> count - 1)
                        .doOnNext(count -> left.put(item, count)));
    }
}
