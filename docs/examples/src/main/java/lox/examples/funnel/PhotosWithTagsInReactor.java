package lox.examples.funnel;

import java.time.Duration;
import java.util.List;
import lox.reactor.Joins;
import reactor.core.publisher.Flux;

/** A camera's photographs and what a tagger says of them come separately, the tags later and in another order. */
public final class PhotosWithTagsInReactor {
    private record Photo(int id, String file) {}

    private record Tags(int photoId, List<String> words) {}

    private PhotosWithTagsInReactor() {}

    /**
     * Prints each photograph with its tags.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        Flux<Photo> photos = Flux.range(1, 4).map(i -> new Photo(i, "photo-" + i + ".jpg"));
        Flux<Tags> tags = Flux.just(
                        new Tags(2, List.of("sea")),
                        new Tags(1, List.of("hills", "fog")),
                        new Tags(4, List.of()),
                        new Tags(3, List.of("night")))
                .delayElements(Duration.ofMillis(5));

        Flux<String> album = Joins.join(
                photos, Photo::id, tags, Tags::photoId, (id, photo, tag) -> photo.file() + " " + tag.words());

        album.doOnNext(System.out::println).blockLast();
    }
}
