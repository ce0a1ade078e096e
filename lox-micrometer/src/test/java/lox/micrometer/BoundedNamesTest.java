package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedNamesTest {
    @Test
    void shouldMakeOneValueForANameAndShareOneBeyondTheLimit() {
        List<String> made = new ArrayList<>();
        BoundedNames<String> names = new BoundedNames<>(name -> {
            made.add(name);
            return "of " + name;
        });

        IntStream.range(0, BoundedNames.LIMIT)
                .forEach(i -> assertThat(names.get("n" + i)).isEqualTo("of n" + i));
        assertThat(names.get("late")).isEqualTo("of other");
        assertThat(names.get("later")).isEqualTo("of other");
        assertThat(names.get("n7")).isEqualTo("of n7");

        assertThat(made).hasSize(BoundedNames.LIMIT + 1).doesNotHaveDuplicates().endsWith("other");
        Set<String> all = new TreeSet<>();
        names.forEach(all::add);
        assertThat(all).hasSize(BoundedNames.LIMIT + 1);
    }
}
