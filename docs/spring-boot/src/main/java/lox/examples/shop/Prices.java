package lox.examples.shop;

import java.util.List;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import lox.sync.Workers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks prices up, by a function that blocks. */
@RestController
@RequestMapping("/prices")
final class Prices {
    private static final Logger LOG = LoggerFactory.getLogger(Prices.class);

    private final Scatter<String, Price> lookUp;

    Prices(Workers network) {
        lookUp = Lox.on(network, Prices::lookUp);
    }

    /** All at once: a list, in the order of the items. */
    @GetMapping
    Mono<List<Price>> list(@RequestParam List<String> item) {
        return Mono.defer(() -> lookUp.gather(item));
    }

    /** One after another, each as soon as it and all before it are there; as fast as the client reads. */
    @GetMapping(path = "/stream", produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<Price> stream(@RequestParam int from, @RequestParam int to) {
        return Flux.range(from, to - from).map(number -> "item-" + number).transform(lookUp::map);
    }

    /** Stands for a driver that blocks: JDBC, a REST client, a file. */
    private static Price lookUp(String item) throws InterruptedException {
        if (item.isBlank()) {
            throw new IllegalArgumentException("an item has no name");
        }
        Thread.sleep(1);
        LOG.debug("looked {} up", item);
        return new Price(item, 100 + item.length(), RequestNumber.current());
    }
}
