package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LastWordsTest {
    private static final String WORKER = "[2026-01-02 03:04:05 +0000] [9] [ERROR] Exception in worker process";

    private static List<String> log(int before, List<String> middle, int after) {
        return Stream.of(Collections.nCopies(before, "before"), middle, Collections.nCopies(after, "gunicorn's own"))
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void whatTheServiceSaysComesBeforeWhatGunicornSaysOfIt() {
        List<String> words = LastWords.of(log(70, List.of(WORKER, "Traceback", "ValueError: no"), 90));

        assertThat(words).hasSize(40).startsWith(WORKER, "Traceback", "ValueError: no");
        assertThat(LastWords.of(log(70, List.of(WORKER, "ValueError: no"), 3))).hasSize(5);
    }

    @Test
    void otherwiseTheEndCounts() {
        assertThat(LastWords.of(log(70, List.of("out of memory"), 0)))
                .hasSize(40)
                .endsWith("out of memory");
        assertThat(LastWords.of(List.of("all"))).containsExactly("all");
        assertThat(LastWords.of(List.of())).isEmpty();
    }
}
