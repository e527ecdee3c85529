package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/performance.md says what bench/run has measured, of the machine that it names. */
class PerformanceTest {
    @Test
    void thePageHasTheFiguresOfTheLastRun() throws Exception {
        JsonNode results =
                new ObjectMapper().readTree(Path.of("bench/results.json").toFile());
        List<String> page = Files.readAllLines(Path.of("docs/performance.md"));
        List<String> rows = new ArrayList<>();
        for (String table : List.of("ratios", "medians")) {
            results.path(table)
                    .properties()
                    .forEach(row -> rows.add(
                            "| " + row.getKey() + " | " + row.getValue().asText() + " |"));
        }

        assertThat(rows).hasSizeGreaterThan(10);
        assertThat(page).containsAll(rows);
        assertThat(String.join("\n", page))
                .contains(results.path("machine").path("processor").asText());
    }
}
