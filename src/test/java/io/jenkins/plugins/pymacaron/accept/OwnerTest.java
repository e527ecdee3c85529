package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerTest {
    private static String with(long pid, String started) {
        return pid + " " + started + " " + Owner.me().split(" ", 3)[2];
    }

    @Test
    void knowsTheLivingFromTheDead() throws Exception {
        assertThat(Owner.isDead(Owner.me())).isFalse();
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertThat(Owner.isDead(with(process.pid(), "1"))).isTrue();
    }

    @Test
    void knowsThatANumberWasUsedAgain() {
        assertThat(Owner.isDead(with(ProcessHandle.current().pid(), "t1"))).isTrue();
        assertThat(Owner.isDead(with(ProcessHandle.current().pid(), "1767322981000")))
                .as("a living one that an earlier version has labelled")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 2", "1 2 another machine", "-1 2 m", "99999999999999 1 m"})
    void saysNothingOfThoseItCannotSee(String owner) {
        assertThat(Owner.isDead(owner)).isFalse();
    }

    /** proc_pid_stat(5); the name is any text of its program's own. */
    @Test
    void countsTheStartInTicksThatNoClockMoves() throws Exception {
        String stat = "4242 (a) b (c) 1 2) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2 3";
        assertThat(Owner.ticks(stat)).contains("t98765");
        assertThat(Owner.ticks("")).isEmpty();
        assertThat(Owner.ticks("4242 (x) S 1")).isEmpty();
        assertThat(Owner.me().split(" ")[1])
                .isEqualTo(Owner.ticks(Files.readString(Path.of("/proc/self/stat")))
                        .orElseThrow());
    }
}
