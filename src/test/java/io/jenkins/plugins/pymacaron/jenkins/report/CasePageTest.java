package io.jenkins.plugins.pymacaron.jenkins.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CasePageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        ArrayNode cases = Story.cases();
        for (int i = 0; i < 10_000; i++) {
            String status = i == 9_000 ? "ERROR" : i % 4000 == 3999 ? "FAILED" : i % 1000 == 1 ? "SKIPPED" : "PASSED";
            Story.test(cases, "pkg.Test" + i / 100, "test_" + i, status, i)
                    .put("message", i == 77 ? "Says Ümläut" : "");
        }
        file = directory.resolve("report.json");
        Files.writeString(
                file,
                Story.of(1, "1").accepted("unit", cases, "the log").results().get(0));
    }

    @Test
    void hasWhatWentWrongFirst() throws IOException {
        JsonNode first = page("", "", 0);
        assertThat(first.path("total").asInt()).isEqualTo(10_000);
        assertThat(first.path("pages").asInt()).isEqualTo(100);
        assertThat(first.path("cases")).hasSize(CasePage.SIZE);
        assertThat(names(first).subList(0, 5))
                .containsExactly("test_3999", "test_7999", "test_9000", "test_1", "test_1001");
        assertThat(first.path("log").asText()).isEqualTo("the log");
        assertThat(first.path("cases").path(0).path("millis").asLong()).isEqualTo(3999);

        JsonNode last = page("", "", 4711);
        assertThat(last.path("page").asInt()).isEqualTo(99);
        assertThat(last.has("log")).as("only once").isFalse();
        assertThat(names(last)).endsWith("test_9999");
        assertThat(page("", "", -1).path("page").asInt()).isZero();
    }

    @Test
    void filtersAndSearches() throws IOException {
        assertThat(names(page("FAILED", "", 0))).containsExactly("test_3999", "test_7999", "test_9000");
        assertThat(page("SKIPPED", "", 0).path("total").asInt()).isEqualTo(10);
        assertThat(names(page("", "ümlÄUT", 0))).containsExactly("test_77");
        assertThat(page("PASSED", "pkg.test99", 0).path("total").asInt()).isEqualTo(100);
        JsonNode none = page("NO_SUCH", "", 3);
        assertThat(none.path("total").asInt()).isZero();
        assertThat(none.path("pages").asInt()).isEqualTo(1);
    }

    @Test
    void readsNothingThatIsNoReport() throws IOException {
        Files.writeString(
                file, "{\"report\":{\"suites\":[{\"cases\":[{},7,null,{\"name\":[],\"duration\":\"soon\"}]},3]}}");
        assertThat(page("", "", 0).path("total").asInt()).isEqualTo(4);
        Files.writeString(file, "[".repeat(10_000));
        assertThatThrownBy(() -> page("", "", 0)).isInstanceOf(IOException.class);
    }

    private JsonNode page(String status, String search, int page) throws IOException {
        return JSON.readTree(CasePage.of(file, status, search, page));
    }

    private static List<String> names(JsonNode page) {
        return page.path("cases").findValuesAsText("name");
    }
}
