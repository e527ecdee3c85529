package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void isALineThatEditorsCanFollow() {
        assertThat(new Problem(Severity.ERROR, "pym-config.yaml", 3, 1, "what is wrong", "Do this."))
                .hasToString("pym-config.yaml:3:1: error: what is wrong. Do this.");
        assertThat(Problem.warning("f", "odd", "")).hasToString("f: warning: odd.");
        assertThat(Problem.error("", "what", "Do.")).hasToString("error: what. Do.");
    }

    @Test
    void anExceptionShowsAllOfThemAndTravels() throws Exception {
        ConfigException e =
                new ConfigException(List.of(Problem.error("f", "a", "A."), Problem.warning("f", "b", "B.")));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(e);
        ConfigException copy =
                (ConfigException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(copy).hasMessage("f: error: a. A.\nf: warning: b. B.");
        assertThat(copy.problems()).isEqualTo(e.problems());
    }

    @Test
    void foreignTextStaysOnItsLine() {
        assertThat(QuotedText.of("a\nb\u001b[31m\u202e")).isEqualTo("a\uFFFDb\uFFFD[31m\uFFFD");
        assertThat(QuotedText.of("x".repeat(100))).hasSize(61).endsWith("…");
    }
}
