package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Programs come and go, and leave nothing behind, in themselves or in the members. */
class JoinAndLeaveTest {
    private static final int TIMES = 100;
    private static final int WITH_TASKS = 20;

    /** A thread or a descriptor that each of them left would be many more; some are shared, and come and go. */
    private static final int MORE = TIMES / 5;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNothingBehind() {
        try (LocalMembers members = LocalMembers.start(1, 1)) {
            joinAndLeave(members, true); // for what is made once
            List<Long> all = Stream.concat(Stream.of(ProcessHandle.current()), handles(members))
                    .map(ProcessHandle::pid)
                    .toList();
            long threads = count(all, "task");
            long descriptors = count(all, "fd");
            for (int i = 0; i < TIMES; i++) {
                joinAndLeave(members, i % WITH_TASKS == 0);
            }
            Patience.until(
                    "no worker is left",
                    () -> handles(members)
                            .allMatch(member -> member.children().findAny().isEmpty()));
            Patience.until("no thread is left", () -> count(all, "task") < threads + MORE);
            Patience.until("no descriptor is left", () -> count(all, "fd") < descriptors + MORE);
            System.out.println("threads before and after: " + threads + ", " + count(all, "task") + "; descriptors: "
                    + descriptors + ", " + count(all, "fd"));
        }
    }

    private static Stream<ProcessHandle> handles(LocalMembers members) {
        return members.processes().stream().map(Process::toHandle);
    }

    private static void joinAndLeave(LocalMembers members, boolean withTasks) {
        try (Cluster cluster = members.join()) {
            Patience.until("the member has answered", () -> cluster.members().size() == 1);
            if (withTasks) {
                try (Workers workers = Workers.processes(1).on(cluster).build()) {
                    assertThat(Lox.on(workers, (Integer i) -> i + 1).gather(List.of(1, 2)))
                            .containsExactly(2, 3);
                }
            }
        }
    }

    /** How many threads or open files the processes have. */
    private static long count(List<Long> processes, String what) {
        return processes.stream()
                .flatMapToLong(pid -> {
                    try (Stream<Path> entries = Files.list(Path.of("/proc", pid.toString(), what))) {
                        return LongStream.of(entries.count());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }
}
