package lox.examples.shop;

import java.util.List;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Has forecasts computed in child JVMs, which may crash. */
@RestController
@RequestMapping("/forecasts")
final class Forecasts {
    private final Scatter<String, Forecast> compute;

    Forecasts(Workers jvms) {
        compute = Lox.on(jvms, Forecast::of);
    }

    /** In the order of the items. */
    @GetMapping
    Mono<List<Forecast>> list(@RequestParam List<String> item) {
        return Mono.defer(() -> compute.gather(item))
                .onErrorMap(
                        WorkerCrashedException.class,
                        crash -> new ResponseStatusException(HttpStatus.BAD_GATEWAY, "a forecast crashed", crash));
    }
}
