package io.jenkins.plugins.pymacaron.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which marks of live belong to another run. */
class LiveMarkTest {
    @ParameterizedTest
    @CsvSource({
        "pymdeploy-j-1-abc-00112233,                 false",
        "pymdeploy-j-1-abc-00112233.44556677,        false",
        "pymdeploy-j-1-abc-00112233.8899aabb,        false",
        "pymdeploy-j-2-def-00112233.44556677,        true",
        "pymdeploy-j-1-abc-ffffffff.44556677,        true",
        "-,                                          false"
    })
    void aRunKnowsItsMarkAlsoAfterItsFolderWasRenamed(String marked, boolean others) {
        Map<String, String> params = new TreeMap<>();
        new Claim("", new LiveMark(marked, "2", "0a").text()).into(params);

        assertThat(Claim.ofOthers(params, "pymdeploy-j-1-abc-00112233.44556677").isPresent())
                .isEqualTo(others);
    }
}
