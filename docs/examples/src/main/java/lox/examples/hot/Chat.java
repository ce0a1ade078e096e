package lox.examples.hot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import lox.sync.Announcement;
import lox.sync.Lox;
import lox.sync.Scatter;

/** A chat, many to many: each member is a thread that says hello, and answers every hello of the others. */
public final class Chat {
    private Chat() {}

    /**
     * Lets them talk.
     *
     * @param names the members
     * @return what each has heard
     */
    public static Map<String, List<String>> run(List<String> names) {
        Announcement<String> room = Announcement.create();
        CountDownLatch answers = new CountDownLatch(names.size() * (names.size() - 1));
        Scatter<Announcement.Member<String>, List<String>> talk = Lox.thread(names.size(), member -> {
            List<String> heard = new ArrayList<>();
            for (String line : member) { // until the room closes
                heard.add(line);
                if (line.endsWith("says hello")) {
                    member.put("hello, " + line.substring(0, line.indexOf(' ')));
                    answers.countDown();
                }
            }
            return heard;
        });
        List<Announcement.Member<String>> members =
                names.stream().map(name -> room.member()).toList();
        members.forEach(talk::scatter);
        for (int i = 0; i < names.size(); i++) {
            members.get(i).put(names.get(i) + " says hello"); // heard by all the others
        }
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        room.complete();
        Map<String, List<String>> heard = new TreeMap<>();
        List<List<String>> all = talk.gather();
        for (int i = 0; i < names.size(); i++) {
            heard.put(names.get(i), all.get(i));
        }
        return heard;
    }

    /**
     * Prints what each has heard.
     *
     * @param args none are read
     */
    public static void main(String[] args) {
        run(List.of("Ann", "Bob", "Cleo")).forEach((name, heard) -> System.out.println(name + " heard " + heard));
    }
}
