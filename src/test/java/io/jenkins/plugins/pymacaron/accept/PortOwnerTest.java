package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortOwnerTest {
    private static String with(long pid, String started) {
        return pid + " " + started + " " + PortOwner.me().split(" ", 3)[2];
    }

    @Test
    void knowsTheLivingFromTheDead() throws Exception {
        assertThat(PortOwner.isDead(PortOwner.me())).isFalse();
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertThat(PortOwner.isDead(with(process.pid(), "1"))).isTrue();
    }

    @Test
    void knowsThatANumberWasUsedAgain() {
        assertThat(PortOwner.isDead(with(ProcessHandle.current().pid(), "t1"))).isTrue();
        assertThat(PortOwner.isDead(with(ProcessHandle.current().pid(), "1767322981000")))
                .as("a living one that an earlier version has labelled")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 2", "1 2 another machine", "-1 2 m", "99999999999999 1 m"})
    void saysNothingOfThoseItCannotSee(String owner) {
        assertThat(PortOwner.isDead(owner)).isFalse();
    }

    /** proc_pid_stat(5); the name is any text of its program's own. */
    @Test
    void countsTheStartInTicksThatNoClockMoves() throws Exception {
        String stat = "4242 (a) b (c) 1 2) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2 3";
        assertThat(PortOwner.ticks(stat)).contains("t98765");
        assertThat(PortOwner.ticks("")).isEmpty();
        assertThat(PortOwner.ticks("4242 (x) S 1")).isEmpty();
        assertThat(PortOwner.me().split(" ")[1])
                .isEqualTo(PortOwner.ticks(Files.readString(Path.of("/proc/self/stat")))
                        .orElseThrow());
    }
}
