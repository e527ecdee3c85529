package io.jenkins.plugins.pymacaron.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.state.AcceptanceRecords.Passed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptanceRecordsTest {
    private static final byte[] KEY = "a key of some length".getBytes();
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    private static final List<String> INPUTS = List.of("image", "tests", "secret");

    @TempDir
    Path directory;

    private Path file;
    private Instant now = NOON;

    @BeforeEach
    void name() {
        file = directory.resolve("accepted.json");
    }

    /** Takes the records as each run does. */
    private AcceptanceRecords take() throws IOException {
        return AcceptanceRecords.take(file, KEY, () -> now);
    }

    /** Accepts something in a run that ends well. */
    private String accept(List<String> about) throws IOException {
        AcceptanceRecords records = take();
        String subject = records.subject(about);
        records.add(subject, new Passed("run-1", now, "3 tests passed", "v1"));
        records.write();
        return subject;
    }

    @Test
    void anAcceptanceCountsForADayAndForTheSameAlone() throws Exception {
        String subject = accept(INPUTS);

        AcceptanceRecords records = take();
        assertThat(records.find(subject)).contains(new Passed("run-1", NOON, "3 tests passed", "v1"));
        for (List<String> other : List.of(
                List.of("image", "tests", "another"),
                List.of("image", "testssecret"),
                List.of("image", "tests", "secret", ""),
                List.of("tests", "image", "secret"))) {
            assertThat(records.find(records.subject(other))).as("%s", other).isEmpty();
        }
        now = NOON.plus(AcceptanceRecords.COUNTS).minusMillis(1);
        assertThat(records.find(subject)).isPresent();
        now = NOON.plus(AcceptanceRecords.COUNTS);
        assertThat(records.find(subject)).isEmpty();
    }

    @Test
    void aRunThatDoesNotEndWellLeavesNoRecord() throws Exception {
        String subject = accept(INPUTS);

        take().add("another", new Passed("run-2", now, "", ""));

        assertThat(file).doesNotExist();
        assertThat(take().find(subject)).isEmpty();
    }

    @Test
    void aRunThatEndsWellKeepsTheRecordsOfOthers() throws Exception {
        String subject = accept(INPUTS);

        accept(List.of("another image"));

        assertThat(take().find(subject)).isPresent();
    }

    @Test
    void anAcceptanceOfAClockThatWentWrongDoesNotCount() throws Exception {
        String subject = accept(INPUTS);

        now = NOON.minusMillis(1);

        assertThat(take().find(subject)).isEmpty();
    }

    @Test
    void aRecordThatAnotherProgramHasMadeOrChangedDoesNotCount() throws Exception {
        String subject = accept(INPUTS);
        String written = Files.readString(file);
        String others = AcceptanceRecords.take(directory.resolve("none"), "another key".getBytes(), () -> now)
                .subject(INPUTS);
        assertThat(others).isNotEqualTo(subject);
        for (String changed : List.of(
                written.replace("12:00:00", "13:00:00"),
                written.replace("run-1", "run-2"),
                written.replace("3 tests", "4 tests"),
                written.replace("\"v1\"", "\"v2\""),
                written.replace("\"seal\":\"", "\"seal\":\"0"),
                written.replaceAll(",\"seal\":\"[0-9a-f]+\"", ""))) {
            assertThat(changed).isNotEqualTo(written);
            Files.writeString(file, changed);
            now = NOON.plus(Duration.ofHours(2));
            assertThat(take().find(subject)).as(changed).isEmpty();
        }
        Files.writeString(file, written.replace(subject, others));
        assertThat(take().find(others)).as("of another subject").isEmpty();
        Files.writeString(file, written);
        assertThat(take().find(subject)).as("unchanged").isPresent();
    }

    @Test
    void theFileTellsNothingAndDoesNotGrow() throws Exception {
        for (int run = 0; run < 100; run++) {
            accept(List.of("hunter2", "image " + run));
            now = now.plus(Duration.ofHours(12));
        }

        assertThat(Files.readString(file)).doesNotContain("hunter2", "image");
        assertThat(Files.size(file)).isLessThan(1000);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatCannotBeReadCountsForNothingAndIsRemoved() throws Exception {
        String subject = accept(INPUTS);
        String written = Files.readString(file);
        for (String content : List.of(
                "",
                "{",
                "[]",
                "{\"schema\":1,\"accepted\":[[\"" + subject + "\"]]}",
                written.replace("\"schema\":1", "\"schema\":2"),
                written + " ".repeat(1 << 20),
                "[".repeat(100_000))) {
            Files.writeString(file, content);

            assertThat(take().find(subject)).isEmpty();
            assertThat(file).doesNotExist();
        }
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), written);
        Files.createSymbolicLink(file, elsewhere);

        assertThat(take().find(subject)).as("a link").isEmpty();
        assertThat(elsewhere).exists();
    }
}
