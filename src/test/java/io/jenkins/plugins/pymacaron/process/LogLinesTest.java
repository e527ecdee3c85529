package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final List<String> lines = new ArrayList<>();
    private final LogLines log = new LogLines(new SecretMask(List.of("s3cret")), lines::add);

    @Test
    void linesEndAtEitherCharacterAndBoth() {
        log.add("one\ntwo\r\nthree\r50%\r");
        log.add("\nfour\n\nlast");
        log.close();

        assertThat(lines).containsExactly("one", "two", "three", "50%", "four", "", "last");
    }

    @Test
    void anEndlessLineIsBoundedAndCountsWhatIsMissing() {
        for (int i = 0; i < 1000; i++) {
            log.add("0123456789".repeat(100));
        }
        log.add("\nnext\n");

        assertThat(lines).hasSize(2).last().isEqualTo("next");
        assertThat(lines.get(0)).hasSizeLessThan(LogLines.LONGEST + 100).endsWith(" more characters)");
        assertThat(lines.get(0)).contains(" … (" + (1_000_000 - LogLines.LONGEST));
    }

    @Test
    void aSecretAcrossTheCutDoesNotShowItsBeginning() {
        for (int before = LogLines.LONGEST - 8; before <= LogLines.LONGEST; before++) {
            lines.clear();
            log.add("x".repeat(before) + "s3cret" + "y".repeat(100) + "\n");

            assertThat(lines.get(0)).doesNotContain("s3c").contains("more characters");
        }
    }

    @Test
    void aTerminalCannotBeWrittenOn() {
        log.add("\u001b[2J\u001b]0;title\u0007a\u001b[1;31mred\u001b[0m\u0008\u0000\u007f\u202eb\tc\u001b[8mha:note\n");

        assertThat(lines).containsExactly("aredb\tcha:note");
    }
}
