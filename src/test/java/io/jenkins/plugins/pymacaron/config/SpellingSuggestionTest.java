package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingSuggestionTest {
    private static final List<String> KNOWN =
            List.of("name", "live", "live_url", "live_host", "gke_cluster", "aws_region", "gcp_region");

    @ParameterizedTest
    @CsvSource({
        "nmae,name",
        "NAME,name",
        "live-url,live_url",
        "liveURL,live_url",
        "live_hots,live_host",
        "gke_clutser,gke_cluster",
        "aws_regoin,aws_region",
        "gcpRegion,gcp_region",
        "lives,live"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(SpellingSuggestion.of(written, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "color", "url", "slack_channel", "uuid_file_path", "email", "elastic_host"})
    void leavesOthersAlone(String written) {
        assertThat(SpellingSuggestion.of(written, KNOWN)).isEmpty();
    }
}
