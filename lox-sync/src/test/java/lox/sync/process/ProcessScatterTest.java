package lox.sync.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import org.junit.jupiter.api.Test;

/** Scatter and gather over processes. */
class ProcessScatterTest {
    @Test
    void shouldGatherInScatterOrder() {
        Scatter<Integer, Integer> twice = Lox.process(2, i -> i * 2);
        IntStream.range(0, 1000).forEach(twice::scatter);
        assertThat(twice.gather())
                .isEqualTo(IntStream.range(0, 1000).map(i -> i * 2).boxed().toList());
    }

    @Test
    void shouldRunInOtherProcesses() {
        Scatter<Integer, Long> pid = Lox.process(2, i -> ProcessHandle.current().pid());
        pid.scatter(1);
        List<Long> pids = pid.gather();
        assertThat(pids).hasSize(1).doesNotContain(ProcessHandle.current().pid());
    }
}
