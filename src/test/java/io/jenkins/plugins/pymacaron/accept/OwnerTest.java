package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(Owner.isDead(with(ProcessHandle.current().pid(), "1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 2", "1 2 another machine", "-1 2 m", "99999999999999 1 m"})
    void saysNothingOfThoseItCannotSee(String owner) {
        assertThat(Owner.isDead(owner)).isFalse();
    }
}
