package lox.examples;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What single samples of the Javadoc take for granted, and what has to come after them so that they do something. */
final class JavadocSurroundings {
    private static final String LINKS = "Scatter<URI, List<URI>> links = Lox.thread(4, Pages::links); ";
    private static final String FETCH = "Scatter<URI, String> fetch = Lox.thread(4, Pages::fetch); ";
    private static final String THUMBNAIL =
            "BiScatter<Path, Integer, Path> thumbnail = Lox.biThread(4, (image, width) -> Images.scale(image, width)); ";
    private static final String JOINED = "Funnel<Long> funnel = Funnel.create();"
            + " Funnel.Input<Long, Photo> photos = funnel.input(\"photos\");"
            + " Funnel.Input<Long, Tags> tags = funnel.input(\"tags\");"
            + " photos.put(7L, photo); tags.put(7L, labels); ";

    private static final Map<String, String> BEFORE = Map.ofEntries(
            Map.entry(
                    "micrometer.LoxMetrics#1",
                    "io.micrometer.core.instrument.MeterRegistry registry ="
                            + " new io.micrometer.core.instrument.simple.SimpleMeterRegistry(); "),
            Map.entry(
                    "micrometer.BatchObservations#1",
                    "io.micrometer.observation.ObservationRegistry observations ="
                            + " io.micrometer.observation.ObservationRegistry.create(); "),
            Map.entry(
                    "cluster.Cluster#1",
                    "LocalMembers members = LocalMembers.start(1, 1); String seeds = members.seeds();"
                            + " String token = members.token(); "),
            Map.entry("sync.Batch#1", FETCH),
            Map.entry("sync.BiBatch#1", THUMBNAIL),
            Map.entry("sync.BiScatter#2", THUMBNAIL),
            Map.entry("sync.Buffer#1", "Announcement<Price> prices = Announcement.create(); "),
            Map.entry("sync.Gatherer#1", FETCH + "uris.forEach(fetch::scatter); "),
            Map.entry("sync.Gatherer#2", FETCH + "uris.forEach(fetch::scatter); "),
            Map.entry("sync.Outcome#1", FETCH + "uris.forEach(fetch::scatter); fetch.scatter(missing); "),
            Map.entry("sync.Progress#1", FETCH + "uris.forEach(fetch::scatter); "),
            Map.entry("sync.Scatter#2", FETCH),
            Map.entry("sync.Scatter#5", FETCH),
            Map.entry("sync.Scatter#6", FETCH),
            Map.entry("sync.Scatter#7", FETCH),
            Map.entry("sync.Workers# workers.shutdown", "Workers workers = Workers.threads(2).build(); "),
            Map.entry("sync.WorkersSnapshot#1", "Workers workers = Workers.threads(2).build(); "),
            Map.entry("sync.Joined#1", JOINED),
            Map.entry(
                    "sync.Lox# Lox.async(",
                    "HttpClient client = HttpClient.newHttpClient(); List<HttpRequest> requests ="
                            + " uris.stream().map(uri -> HttpRequest.newBuilder(uri).build()).toList(); "),
            Map.entry("sync.lock.PermitRequest#1", "QLock lock = new QLock(); "),
            Map.entry("sync.lock.Permit#1", "QLock lock = new QLock(); "),
            Map.entry("progress.ProgressBar#1", FETCH + "uris.forEach(fetch::scatter); "),
            Map.entry("progress.ProgressBar#2", FETCH),
            Map.entry("progress.ProgressBar#3", FETCH),
            Map.entry("reactor.Batch#1", FETCH),
            Map.entry("reactor.BiBatch#1", THUMBNAIL),
            Map.entry("reactor.BiScatter#2", THUMBNAIL),
            Map.entry("reactor.Funnel#1", "Flux<Photo> camera = Flux.just(photo); "),
            Map.entry(
                    "reactor.Joins#1", "Flux<Photo> photos = Flux.just(photo); Flux<Tags> tags = Flux.just(labels); "),
            Map.entry(
                    "reactor.OuterJoins#1",
                    "Flux<Photo> photos = Flux.just(photo); Flux<Tags> tags = Flux.just(labels); "),
            Map.entry(
                    "reactor.OuterJoins#2",
                    "Flux<Photo> photos = Flux.just(photo); Flux<Tags> tags = Flux.just(labels); "),
            Map.entry("reactor.Locks#1", bank("Mono")),
            Map.entry(
                    "reactor.Lox# Lox.async(",
                    "class WebClient { WebClient get() { return this; } WebClient uri(URI uri) { return this; }"
                            + " WebClient retrieve() { return this; }"
                            + " Mono<String> bodyToMono(Class<String> type) { return Mono.just(\"a page\"); } }"
                            + " WebClient client = new WebClient(); Flux<URI> uris = Flux.fromIterable(this.uris); "),
            Map.entry("reactor.Locks#2", "IndexSemaphore cards = new IndexSemaphore(4); "),
            Map.entry("reactor.Scatter#2", FETCH),
            Map.entry("reactor.Scatter#3", LINKS),
            Map.entry("reactor.Scatter#5", FETCH),
            Map.entry("reactor.Scatter#6", FETCH),
            Map.entry("reactor.ProcessScheduler#1", "Flux<String> photos = Flux.just(\"cat\", \"dog\", \"bird\"); "),
            Map.entry("rxjava.Batch#1", FETCH),
            Map.entry("rxjava.BiBatch#1", THUMBNAIL),
            Map.entry("rxjava.BiScatter#2", THUMBNAIL),
            Map.entry("rxjava.Scatter#2", FETCH),
            Map.entry("rxjava.Scatter#3", LINKS),
            Map.entry("rxjava.Scatter#5", FETCH),
            Map.entry("rxjava.Scatter#6", FETCH),
            Map.entry("rxjava.Funnel#1", "Flowable<Photo> camera = Flowable.just(photo); "),
            Map.entry(
                    "rxjava.Joins#1",
                    "Flowable<Photo> photos = Flowable.just(photo); Flowable<Tags> tags = Flowable.just(labels); "),
            Map.entry(
                    "rxjava.OuterJoins#1",
                    "Flowable<Photo> photos = Flowable.just(photo); Flowable<Tags> tags = Flowable.just(labels); "),
            Map.entry(
                    "rxjava.OuterJoins#2",
                    "Flowable<Photo> photos = Flowable.just(photo); Flowable<Tags> tags = Flowable.just(labels); "),
            Map.entry("rxjava.Locks#1", bank("Single")),
            Map.entry(
                    "rxjava.Lox# Lox.async(",
                    "record Response(String body) {}"
                            + " class Web { Single<Response> get(URI uri) { return Single.just(new Response(\"a page\")); } }"
                            + " Web client = new Web(); Flowable<URI> uris = Flowable.fromIterable(this.uris); "),
            Map.entry(
                    "rxjava.Lox# Lox.asyncMaybe(",
                    "record User(String name) {} class Users { Maybe<User> findByName(String name) {"
                            + " return name.equals(\"ada\") ? Maybe.just(new User(name)) : Maybe.empty(); } }"
                            + " Users users = new Users(); List<String> names = List.of(\"ada\", \"bob\"); "),
            Map.entry(
                    "rxjava.ProcessScheduler#1",
                    "Flowable<String> photos = Flowable.just(\"cat\", \"dog\", \"bird\"); "));

    private static final Map<String, String> AFTER = Map.ofEntries(
            Map.entry(
                    "micrometer.LoxMetrics#1",
                    check("registry.get(\"lox.workers.limit\").gauge().value() == 8") + " network.close();"),
            Map.entry("cluster.Cluster#1", "members.close();"),
            Map.entry("micrometer.BatchObservations#1", check("network.name().equals(\"network\")")),
            Map.entry(
                    "sync.BiTask#1",
                    check("move.call(cat, cat.getFileName() + \".moved\").endsWith(cat.getFileName() + \".moved\")")),
            Map.entry("sync.Buffer#1", "screen.close();"),
            Map.entry(
                    "sync.ProcessesBuilder#1",
                    "thumbnail.scatter(cat); " + check("thumbnail.gather().get(0).length > 0") + " jvms.close();"),
            Map.entry("sync.GatherOptions#1", check("pages.size() == uris.size()")),
            Map.entry("sync.Lox# Lox.async(", check("pages.size() == uris.size()")),
            Map.entry("sync.Progress#1", check("pages.size() == uris.size()")),
            Map.entry("sync.Scatter#2", check("pages.size() == uris.size()")),
            Map.entry("sync.Scatter#3", check("seen.size() > uris.size()")),
            Map.entry("sync.Task#1", check("read.call(cat).length == 3")),
            Map.entry(
                    "sync.Workers# discreet =",
                    "Lox.on(discreet, (Login login) -> login.user()).scatter(new Login(\"ada\", \"secret\"));"),
            Map.entry(
                    "sync.Workers# probe =",
                    "fetch.scatter(uris.get(0)); probe.scatter(uris.get(0)); "
                            + check("fetch.gather().get(0).length() == probe.gather().get(0)")),
            Map.entry("reactor.Batch#1", check("pages.block().size() == uris.size()")),
            Map.entry("reactor.BiScatter#1", check("thumbnails.block().size() == 2")),
            Map.entry("reactor.BiScatter#2", check("published.block().size() == 1")),
            Map.entry("reactor.Joins#1", check("pages.blockLast().tags() == labels")),
            Map.entry("reactor.OuterJoins#1", check("pages.blockLast().tags() == labels")),
            Map.entry("reactor.OuterJoins#2", check("pages.blockLast().tags() == labels")),
            Map.entry("reactor.Locks#1", check("receipt.block() != null")),
            Map.entry("reactor.Locks#2", check("image.block() != null")),
            Map.entry("reactor.Lox#1", check("pages.block().size() == uris.size()")),
            Map.entry("reactor.Lox# Lox.async(", check("pages.count().block() == this.uris.size()")),
            Map.entry(
                    "reactor.ProcessScheduler#1",
                    check("small.collectList().block().size() == 3") + " jvms.dispose();"),
            Map.entry("reactor.Scatter#1", check("pages.block().size() == uris.size()")),
            Map.entry("reactor.Scatter#2", check("pages.block().size() == uris.size()")),
            Map.entry("reactor.Scatter#3", check("site.block().size() > uris.size()")),
            Map.entry("reactor.Scatter#4", check("documents.block().size() == uris.size()")),
            Map.entry("reactor.Scatter#5", check("outcomes.count().block() == uris.size()")),
            Map.entry("reactor.Scatter#6", check("pages.count().block() == uris.size()")),
            Map.entry("rxjava.Batch#1", check("pages.blockingGet().size() == uris.size()")),
            Map.entry("rxjava.BiScatter#1", check("thumbnails.blockingGet().size() == 2")),
            Map.entry("rxjava.BiScatter#2", check("published.blockingGet().size() == 1")),
            Map.entry("rxjava.Joins#1", check("pages.blockingLast().tags() == labels")),
            Map.entry("rxjava.OuterJoins#1", check("pages.blockingLast().tags() == labels")),
            Map.entry("rxjava.OuterJoins#2", check("pages.blockingLast().tags() == labels")),
            Map.entry("rxjava.Locks#1", check("receipt.blockingGet() != null")),
            Map.entry("rxjava.Lox#1", check("pages.blockingGet().size() == uris.size()")),
            Map.entry("rxjava.Lox# Lox.async(", check("pages.count().blockingGet() == this.uris.size()")),
            Map.entry("rxjava.Lox# Lox.asyncMaybe(", check("found.blockingGet().get(1) == null")),
            Map.entry(
                    "rxjava.ProcessScheduler#1",
                    check("small.toList().blockingGet().size() == 3") + " jvms.shutdown();"),
            Map.entry("rxjava.Scatter#1", check("pages.blockingGet().size() == uris.size()")),
            Map.entry("rxjava.Scatter#2", check("pages.blockingGet().size() == uris.size()")),
            Map.entry("rxjava.Scatter#3", check("site.blockingGet().size() > uris.size()")),
            Map.entry("rxjava.Scatter#4", check("documents.blockingGet().size() == uris.size()")));

    private JavadocSurroundings() {}

    private static String bank(String type) {
        return "record Receipt(String of) {} class Bank { " + type + "<Receipt> transfer(String order) { return " + type
                + ".just(new Receipt(order)); } } Bank bank = new Bank(); String order = \"order\"; ";
    }

    private static String check(String condition) {
        return "if (!(" + condition + ")) throw new AssertionError();";
    }

    /** A key names a class and the number of the sample there, or a word of it: numbers change where samples are added. */
    private static boolean isFor(String key, JavadocSample sample) {
        int hash = key.indexOf("# ");
        return hash < 0
                ? key.equals(sample.of())
                : sample.of().startsWith(key.substring(0, hash + 1))
                        && sample.code().stream().anyMatch(line -> line.contains(key.substring(hash + 2)));
    }

    private static String of(Map<String, String> surroundings, JavadocSample sample) {
        return surroundings.entrySet().stream()
                .filter(entry -> isFor(entry.getKey(), sample))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" "));
    }

    static String before(JavadocSample sample) {
        return of(BEFORE, sample);
    }

    static String after(JavadocSample sample) {
        return of(AFTER, sample);
    }

    /** Those that are for no sample any more. */
    static Set<String> idle(List<JavadocSample> samples) {
        Set<String> idle = new TreeSet<>(BEFORE.keySet());
        idle.addAll(AFTER.keySet());
        idle.removeIf(key -> samples.stream().anyMatch(sample -> isFor(key, sample)));
        return idle;
    }
}
