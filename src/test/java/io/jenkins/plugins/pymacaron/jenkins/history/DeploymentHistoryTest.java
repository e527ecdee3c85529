package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentHistoryTest {
    private static final String LIVE = "docker/hello/live";

    @TempDir
    private Path directory;

    private Path file;
    private DeploymentHistory history;

    @BeforeEach
    void open() {
        history = DeploymentHistory.in(directory.resolve("job"));
        file = directory.resolve("job/pymacaron-deployments.jsonl");
    }

    static DeploymentEntry entry(String slot, String version, String stage, int build) {
        return new DeploymentEntry(
                1000L * build,
                "docker/hello/" + slot,
                slot,
                "docker",
                "hello",
                ".",
                version,
                "c0ffee",
                "sha256:0123456789abcdef",
                "http://localhost:8080",
                stage,
                build,
                "Ada",
                "id-of-" + build,
                "",
                false,
                "",
                "");
    }

    @Test
    void keepsTheNewestFirst() throws Exception {
        assertThat(history.isEmpty()).isTrue();
        assertThat(history.entries()).isEmpty();
        history.add(List.of(entry("staging", "1", "staging", 1), entry("live", "1", "promote", 1)));
        history.add(List.of(entry("live", "2", "promote", 2)));

        assertThat(DeploymentHistory.in(directory.resolve("job")).entries())
                .containsExactly(
                        entry("live", "2", "promote", 2),
                        entry("live", "1", "promote", 1),
                        entry("staging", "1", "staging", 1));
        assertThat(history.byEnvironment().keySet())
                .as("live before staging")
                .containsExactly(LIVE, "docker/hello/staging");
    }

    @Test
    void passesOverWhatIsNoEntry() throws Exception {
        history.add(List.of(entry("live", "1", "promote", 1)));
        String hostile = "\n\n{\"environment\":\n[]\nnull\n7\n{}\n{\"environment\":null}\n\u0000\uFFFF\n"
                + "{\"environment\":{\"a\":1}}\n" + "[".repeat(5000) + "\n{\"build\":\"x\",\"environment\":\"e\"}\n"
                + "{\"environment\":\"" + LIVE + "\",\"slot\":\"live\",\"unknown\":[1],\"build\":2}\n"
                + "{\"environment\":\"cut off";
        Files.writeString(file, hostile, StandardOpenOption.APPEND);
        history.add(List.of(entry("live", "3", "promote", 3)));

        assertThat(history.entries()).extracting(DeploymentEntry::build).containsExactly(3, 2, 1);
        assertThat(history.entries().get(1).version())
                .as("of which no version is known")
                .isEmpty();
        assertThat(Files.readString(file))
                .as("the line that was cut off did not take the next one with it")
                .contains("cut off\n{");
    }

    @Test
    void readsTheEndOfAFileThatGrewForYears() throws Exception {
        Files.createDirectories(file.getParent());
        String long1 = "{\"environment\":\"e\",\"slot\":\"live\",\"version\":\"" + "x".repeat(1000) + "\",\"build\":";
        String lines = IntStream.range(0, 6000).mapToObj(i -> long1 + i + "}\n").collect(Collectors.joining());
        Files.write(file, lines.getBytes(StandardCharsets.UTF_8));

        List<DeploymentEntry> read = history.entries();
        assertThat(read).hasSizeBetween(3000, 5000);
        assertThat(read.get(0).build()).isEqualTo(5999);
        assertThat(read).isSortedAccordingTo((a, b) -> b.build() - a.build());
    }

    @Test
    void losesNothingOfManyWriters() throws Exception {
        int writers = 8;
        int each = 20;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int first = w * each;
                done.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < each; i++) {
                        DeploymentHistory.in(directory.resolve("job"))
                                .add(List.of(entry("live", "v" + (first + i), "promote", first + i)));
                        history.entries();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> f : done) {
                f.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(history.entries())
                .extracting(DeploymentEntry::build)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, writers * each).boxed().toList());
    }

    @Test
    void knowsTheWaysBack() {
        List<DeploymentEntry> entries = List.of(
                entry("live", "2", "rollback", 3),
                entry("live", "3", "promote", 3),
                entry("live", "2", "promote", 2),
                entry("live", "", "rollback", 2),
                entry("live", "1", "promote", 1),
                entry("live", "1", "promote", 0));
        EnvironmentView view = view(LIVE, entries);

        assertThat(view.isRolledBack(entries.get(1))).isTrue();
        assertThat(view.isRolledBack(entries.get(2))).isFalse();
        assertThat(view.getReturnable())
                .as("neither what serves, nor what did not pass, nor nothing, and each version once")
                .containsExactly(Map.entry(entries.get(4), RollbackMethod.KEPT));
        assertThat(view.before(entries.get(0))).isEqualTo(entries.get(1));
        assertThat(view.before(entries.get(5))).isNull();
        assertThat(view("e", List.of(entry("staging", "1", "staging", 1))).getReturnable())
                .as("staging is not rolled back by hand")
                .isEmpty();
    }

    private static EnvironmentView view(String id, List<DeploymentEntry> entries) {
        return new EnvironmentView(id, id, null, entries, List.of(), Optional.empty(), Optional.empty(), "", null);
    }

    @Test
    void followsOnlyAddressesOfTheWeb() {
        assertThat(entry("live", "1", "promote", 1).isLinked()).isTrue();
        DeploymentEntry script = new DeploymentEntry(
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "javascript:alert(1)",
                null,
                1,
                null,
                null,
                null,
                false,
                null,
                null);
        assertThat(script.isLinked()).isFalse();
        assertThat(script.getShortDigest()).isEmpty();
        assertThat(script.reason()).isEmpty();
    }
}
