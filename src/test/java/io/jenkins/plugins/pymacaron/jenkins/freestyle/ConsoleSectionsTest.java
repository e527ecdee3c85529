package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.MarkupText;
import hudson.console.ConsoleNote;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

class ConsoleSectionsTest {
    @Test
    void headingsStandOutAndTheTextStaysAsItIs() throws Exception {
        MarkupText text = new MarkupText("== Build <image>\r\n");
        assertThat(new SectionNote().annotate(null, text, 0)).isNull();
        assertThat(text.toString(true)).isEqualTo("<b>== Build &lt;image&gt;</b>\r\n");
    }

    @Test
    @WithJenkins
    void onlyLinesOfTheEngineAreHeadings(JenkinsRule j) throws Exception {
        String log = "== Build image\n    == of a test\n==\nok Build image, 3 s\n== \n== Push image";
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        try (ConsoleSections sections = new ConsoleSections(console)) {
            for (byte b : log.getBytes(StandardCharsets.UTF_8)) {
                sections.write(b);
            }
            sections.forceEol();
        }
        String written = console.toString(StandardCharsets.UTF_8);
        assertThat(ConsoleNote.removeNotes(written)).isEqualTo(log);
        assertThat(written.lines().filter(line -> line.startsWith(ConsoleNote.PREAMBLE_STR)))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).endsWith("== Build image"))
                .anySatisfy(line -> assertThat(line).endsWith("== Push image"));
    }
}
