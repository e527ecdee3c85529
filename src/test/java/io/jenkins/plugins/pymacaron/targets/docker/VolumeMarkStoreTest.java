package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.docker.Volumes;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the mark on a real engine. */
@Timeout(20 * 60)
@NeedsEngine
class VolumeMarkStoreTest {
    private static final int WRITERS = 6;

    private final String name = RealDocker.unique("marks");
    private Volumes volumes;
    private VolumeMarkStore marks;

    @BeforeEach
    void open() throws Exception {
        volumes = RealDocker.docker(RealDocker.log()).volumes();
        marks = new VolumeMarkStore(volumes, environment(Slot.LIVE));
    }

    private Environment environment(Slot slot) throws Exception {
        byte[] yaml = ("name: " + name + """

                deploy_target: docker
                docker_repo: demo
                live_url: http://127.0.0.1:1
                """).getBytes(StandardCharsets.UTF_8);
        var config = ConfigReader.read("pym-config.yaml", yaml, Overrides.NONE);
        return new Environment(slot, 0, slot == Slot.LIVE ? config.live().get(0) : config.staging(), Map.of());
    }

    private List<String> all() throws Exception {
        List<String> all = new ArrayList<>();
        for (Slot slot : Slot.values()) {
            all.addAll(volumes.listed(
                            Map.of(
                                    DockerMetadata.LIVE_MARK_OF,
                                    environment(slot).name()),
                            DockerMetadata.LIVE_MARK)
                    .keySet());
        }
        return all;
    }

    @AfterEach
    void removeAll() throws Exception {
        for (String volume : all()) {
            volumes.remove(volume);
        }
    }

    @Test
    void theLastOneStandsThereAlone() throws Exception {
        assertThat(marks.read()).isEmpty();
        assertThat(marks.replace("", "run-1 v1 aa")).isTrue();
        assertThat(marks.replace("", "run-2 v2 bb")).isFalse();
        assertThat(marks.replace("run-1 v1 aa", "run-2 v2 bb")).isTrue();

        assertThat(marks.read()).isEqualTo("run-2 v2 bb");
        assertThat(new VolumeMarkStore(volumes, environment(Slot.STAGING)).read())
                .isEmpty();
        assertThat(all()).hasSize(1);
    }

    /** This holds for any change by others between its look and its call. */
    @Test
    void aWriterWithAnOutdatedReadingComesTooLate() throws Exception {
        assertThat(marks.replace("", "run-1 v1 aa")).isTrue();
        VolumeMarkStore slow = new VolumeMarkStore(volumes, environment(Slot.LIVE));
        assertThat(slow.read()).isEqualTo("run-1 v1 aa");

        assertThat(marks.replace("run-1 v1 aa", "run-2 v2 bb")).isTrue();
        assertThat(slow.replace("run-1 v1 aa", "run-3 v3 cc")).isFalse();
        assertThat(marks.read()).isEqualTo("run-2 v2 bb");

        VolumeMarkStore slower = new VolumeMarkStore(volumes, environment(Slot.LIVE));
        assertThat(slower.read()).isEqualTo("run-2 v2 bb");
        assertThat(marks.replace("run-2 v2 bb", "run-4 v4 dd")).isTrue();
        assertThat(marks.replace("run-4 v4 dd", "run-5 v5 ee")).isTrue();
        assertThat(slower.replace("run-2 v2 bb", "run-6 v6 ff")).isFalse();
        assertThat(marks.read()).isEqualTo("run-5 v5 ee");

        assertThat(marks.replace("run-5 v5 ee", "run-7 v7 gg")).isTrue();
        assertThat(all()).as("what the slower one has left too").hasSize(1);
    }

    /** This holds for any number of processes. */
    @Test
    void ofThoseWhoWriteAtOnceOneIsFirst() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String mine = "run v " + i;
                calls.add(() -> new VolumeMarkStore(volumes, environment(Slot.LIVE)).replace("", mine));
            }
            int first = 0;
            for (Future<Boolean> call : writers.invokeAll(calls)) {
                first += call.get() ? 1 : 0;
            }
            assertThat(first).isEqualTo(1);
            assertThat(marks.read()).startsWith("run v ");
        } finally {
            writers.shutdownNow();
        }
    }
}
