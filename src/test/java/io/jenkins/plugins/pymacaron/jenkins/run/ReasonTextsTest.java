package io.jenkins.plugins.pymacaron.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReasonTextsTest {
    @Test
    void areOneLine() {
        assertThat(ReasonTexts.line(null)).isEmpty();
        assertThat(ReasonTexts.line(" \n\t\u0000 ")).isEmpty();
        assertThat(ReasonTexts.line(" it\r\n loses\u2028orders ")).isEqualTo("it loses orders");
        assertThat(ReasonTexts.line("a\u001b[31mb"))
                .as("no orders to a terminal")
                .isEqualTo("a [31mb");
        assertThat(ReasonTexts.line("a\u202eb\u2066c"))
                .as("nothing that turns the text around")
                .isEqualTo("a b c");
        assertThat(ReasonTexts.line("Größe <b>&amp;</b> 注文")).isEqualTo("Größe <b>&amp;</b> 注文");
    }

    @Test
    void areCutOffBetweenCharacters() {
        assertThat(ReasonTexts.line("x".repeat(300))).hasSize(300);
        assertThat(ReasonTexts.line("x".repeat(301))).hasSize(300);
        assertThat(ReasonTexts.line("x".repeat(299) + "\uD83D\uDE80" + "y"))
                .as("the rocket would be cut in two")
                .isEqualTo("x".repeat(299));
    }
}
