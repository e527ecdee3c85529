package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckoutPathsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rootdir: /tmp/pymacaron-source83304825/source|rootdir: .",
                "rootdir: /tmp/pymacaron-source83304825/source, configfile: pytest.ini|rootdir: ., configfile: pytest.ini",
                "  File \"/tmp/pymacaron-source1/source/test/test_a.py\", line 3|  File \"test/test_a.py\", line 3",
                "/private/var/tmp/pymacaron-source1/source/services/a/x.py:7: in f|services/a/x.py:7: in f",
                "a=/tmp/pymacaron-source1/source/a b=/tmp/pymacaron-source2/source/b|a=a b=b",
                "in /tmp/pymacaron-source1/source/ there is|in . there is",
                "/tmp/pymacaron-source1/source|.",
                "/tmp/pymacaron-source1/sources/a|/tmp/pymacaron-source1/sources/a",
                "/tmp/pymacaron-source1/source.tar|/tmp/pymacaron-source1/source.tar",
                "It is in /tmp/pymacaron-source1/source.|It is in ..",
                "/tmp/pymacaron-source-of-mine/source/a|/tmp/pymacaron-source-of-mine/source/a",
                "/tmp/pymacaron-tests-1/report.xml|/tmp/pymacaron-tests-1/report.xml",
                "nothing of the kind|nothing of the kind"
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void areThoseOfTheRepository(String text, String shown) {
        assertThat(CheckoutPaths.shown(text)).isEqualTo(shown);
    }

    /** The output of tests is hostile. */
    @Test
    void takeNoLongerThanTheTextIsLong() {
        String deep = "/a".repeat(200_000);
        assertThat(CheckoutPaths.shown(deep + "/pymacaron-source1/source/b")).isEqualTo("b");
        String often = "/pymacaron-source".repeat(50_000);
        assertThat(CheckoutPaths.shown(often)).isEqualTo(often);
        String nested = "/pymacaron-source1/source".repeat(20_000);
        assertThat(CheckoutPaths.shown(nested)).hasSizeLessThan(nested.length());
    }
}
