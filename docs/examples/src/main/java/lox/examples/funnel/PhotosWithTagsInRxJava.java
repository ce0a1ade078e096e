package lox.examples.funnel;

import io.reactivex.rxjava3.core.Flowable;
import java.time.Duration;
import java.util.List;
import lox.rxjava.Funnel;
import lox.sync.WhenFull;

/**
 * A camera's photographs and what a tagger says of them, joined by a Funnel with options: the tagger loses a photograph, and
 * the Funnel does not wait for it for ever.
 */
public final class PhotosWithTagsInRxJava {
    private record Photo(int id, String file) {}

    private record Tags(int photoId, List<String> words) {}

    private PhotosWithTagsInRxJava() {}

    /**
     * Prints each photograph with its tags, then the one that has none.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        Funnel<Integer> funnel = Funnel.<Integer>builder()
                .named("album")
                .pendingLimit(1_000, WhenFull.WAIT)
                .expireAfter(Duration.ofSeconds(30))
                .onDiscard((job, reason) -> System.out.println("no tags, " + reason + ": photo " + job.jobId()))
                .build();
        Funnel.Input<Integer, Photo> photos = funnel.input("photos");
        Funnel.Input<Integer, Tags> tags = funnel.input("tags");
        Flowable<String> album = funnel.asFlowable()
                .map(joined ->
                        joined.get(photos).file() + " " + joined.get(tags).words());

        photos.from(Flowable.range(1, 4).map(i -> new Photo(i, "photo-" + i + ".jpg")), Photo::id);
        tags.from(Flowable.just(2, 1, 4).map(i -> new Tags(i, List.of("tag " + i))), Tags::photoId);

        album.blockingForEach(System.out::println);
    }
}
