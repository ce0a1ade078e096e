package lox.examples.shop;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.springframework.util.DigestUtils;

/**
 * What will be sold of something, computed in a child JVM.
 *
 * @param item the thing
 * @param pieces how many
 * @param process the process that has computed it
 */
public record Forecast(String item, int pieces, long process) implements Serializable {
    /** Computes it. Its class and the library's come out of the jar, by way of this JVM. */
    static Forecast of(String item) {
        if (item.equals("crash")) {
            Runtime.getRuntime().halt(3); // native code may do so: here it costs one task
        }
        String digest = DigestUtils.md5DigestAsHex(item.getBytes(StandardCharsets.UTF_8));
        int pieces = Integer.parseInt(digest.substring(0, 4), 16);
        return new Forecast(item, pieces, ProcessHandle.current().pid());
    }
}
