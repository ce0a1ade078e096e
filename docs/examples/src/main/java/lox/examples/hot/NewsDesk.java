package lox.examples.hot;

import java.time.Duration;
import java.util.List;
import lox.reactor.Announcement;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A news desk: a screen that is switched on late shows the last two headlines first, and then what is new. */
public final class NewsDesk {
    private NewsDesk() {}

    /** What the screens have shown. */
    public record Screens(List<String> early, List<String> late) {}

    /**
     * Runs a morning of news.
     *
     * @return what a screen shows that is on from the start, and one that is switched on at ten
     */
    public static Screens run() {
        Announcement<String> news = Announcement.builder().backlog(2).build();
        Mono<List<String>> early = switchOn(news.asFlux());
        news.put("08:00 doors open");
        news.put("09:00 first guests");
        news.put("10:00 the talk begins");
        Mono<List<String>> late = switchOn(news.asFlux());
        news.put("11:00 questions");
        news.put("12:00 lunch");
        news.complete();
        return Mono.zip(early, late, Screens::new)
                .blockOptional(Duration.ofSeconds(10))
                .orElseThrow();
    }

    private static Mono<List<String>> switchOn(Flux<String> headlines) {
        Mono<List<String>> shown = headlines.collectList().cache();
        shown.subscribe(); // from now on
        return shown;
    }

    /**
     * Prints what they show.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        Screens screens = run();
        System.out.println("on from the start: " + screens.early());
        System.out.println("on from ten:       " + screens.late());
    }
}
