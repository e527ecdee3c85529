package io.jenkins.plugins.pymacaron.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory {@code .pym} of a project. */
class PymDirectoryTest {
    @TempDir
    Path project;

    private PymDirectory pym;

    @BeforeEach
    void make() throws IOException {
        pym = PymDirectory.of(project);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void onlyItsOwnerCanReadIt() throws Exception {
        pym.key();

        assertThat(mode(project.resolve(".pym"))).isEqualTo("rwx------");
        assertThat(mode(project.resolve(".pym/runs"))).isEqualTo("rwx------");
        assertThat(mode(pym.run("1"))).isEqualTo("rwx------");
        assertThat(mode(project.resolve(".pym/key"))).isEqualTo("rw-------");
    }

    @Test
    void gitIgnoresIt() {
        assertThat(project.resolve(".pym/.gitignore")).content().endsWith("*\n");
    }

    @Test
    void theKeyIsMadeOnceAndStays() throws Exception {
        byte[] key = pym.key();

        assertThat(key).hasSize(32).isEqualTo(PymDirectory.of(project).key());
        assertThat(PymDirectory.freshKey()).isNotEqualTo(PymDirectory.freshKey());
    }

    /** Makes the key of the named project, in a process of its own. */
    public static void main(String[] arguments) throws IOException {
        PymDirectory.of(Path.of(arguments[0])).key();
    }

    /** A process that may write no byte ends at the moment at which another one may be killed. */
    @Test
    void aProcessThatEndsBeforeTheKeyIsWrittenLeavesNone() throws Exception {
        Process child = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -f 0; exec \"$@\"",
                        "sh",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PymDirectoryTest.class.getName(),
                        project.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isNotZero();
        assertThat(said).contains("File too large");

        assertThat(project.resolve(".pym/key")).doesNotExist();
        assertThat(pym.key()).hasSize(32);
    }

    @Test
    void processesThatMakeTheKeyAtTheSameTimeHaveOne() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            CyclicBarrier together = new CyclicBarrier(8);
            List<Future<byte[]>> keys = pool.invokeAll(Collections.nCopies(8, () -> {
                together.await();
                return PymDirectory.of(project).key();
            }));

            for (Future<byte[]> key : keys) {
                assertThat(key.get()).isEqualTo(pym.key());
            }
        } finally {
            pool.shutdownNow();
        }
        try (Stream<Path> left = Files.list(project.resolve(".pym"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".gitignore", "key", "runs");
        }
    }

    @Test
    void aKeyThatIsDamagedIsNotGuessedAt() throws Exception {
        Files.writeString(project.resolve(".pym/key"), "short");

        assertThatThrownBy(pym::key)
                .hasMessageEndingWith("does not hold a key; delete it, and the next run makes a new one");
    }

    @Test
    void aKeyThatIsGivenComesFirst() throws Exception {
        byte[] given = {1, 2, 3};

        assertThat(pym.with(given).key()).isEqualTo(given);
        assertThat(project.resolve(".pym/key")).doesNotExist();
    }

    @Test
    void theOwnerOfARunIsTheSameAgainAndAnotherOneForAnotherKey() throws Exception {
        assertThat(pym.owner("1")).matches("pymdeploy-1-[0-9a-f]{8}").isEqualTo(pym.owner("1"));
        assertThat(pym.with(new byte[] {1}).owner("1")).isNotEqualTo(pym.owner("1"));
    }

    @Test
    void nothingIsLeftWhereThereIsNoProject() throws Exception {
        Path elsewhere = Files.createDirectories(project.resolve("elsewhere"));

        assertThatThrownBy(() -> PymDirectory.ofProject(elsewhere)).hasMessageContaining("is not in a git repository");
        Files.createDirectories(project.resolve(".git"));
        assertThatThrownBy(() -> PymDirectory.ofProject(elsewhere))
                .hasMessageContaining("there is no pym-config.yaml in");
        assertThat(elsewhere).isEmptyDirectory();

        Files.writeString(elsewhere.resolve("pym-config.qa.yaml"), "");
        assertThat(PymDirectory.ofProject(elsewhere).log()).isEqualTo(elsewhere.resolve(".pym/last.log"));
    }

    @Test
    void lookingForItMakesNothing() throws Exception {
        Path elsewhere = Files.createDirectories(project.resolve("elsewhere"));

        assertThat(PymDirectory.find(elsewhere)).isEmpty();
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(PymDirectory.find(project)).isPresent();
    }

    @Test
    void runsAreNamedByTheirTimeNewestFirst() throws Exception {
        pym.run("20260101-000000-001");
        pym.run("20260101-000000-003");
        pym.run("20260101-000000-002");

        assertThat(pym.runs()).containsExactly("20260101-000000-003", "20260101-000000-002", "20260101-000000-001");
    }

    @Test
    void aRunThatBeginsIsNewerThanAllThatAreKeptThoughTheClockWasSetBack() throws Exception {
        pym.run("29991231-235959-998");

        assertThat(pym.freshId()).isEqualTo("29991231-235959-999");
    }

    /** The program of the next test. */
    static final class FreshId {
        public static void main(String[] args) throws IOException {
            System.out.println(PymDirectory.of(Path.of(args[0])).freshId());
        }
    }

    @Test
    void idsAreInUtcWhereTheMachineHasAnotherTime() throws Exception {
        DateTimeFormatter utc =
                DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
        String before = utc.format(Instant.now());

        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Duser.timezone=Pacific/Kiritimati",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FreshId.class.getName(),
                        project.toString())
                .redirectErrorStream(true)
                .start();
        String id = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(process.waitFor()).as(id).isZero();
        assertThat(id).isBetween(before, utc.format(Instant.now()));
    }

    @Test
    void theTwentyNewestAreKeptAndThoseThatAreStillNeeded() throws Exception {
        for (int i = 10; i < 35; i++) {
            pym.run("20260101-000000-0" + i);
        }

        List<String> troubles = pym.prune(id -> id.endsWith("-010"));

        assertThat(troubles).isEmpty();
        assertThat(pym.runs())
                .hasSize(21)
                .contains("20260101-000000-034", "20260101-000000-015", "20260101-000000-010")
                .doesNotContain("20260101-000000-011", "20260101-000000-014");
    }
}
