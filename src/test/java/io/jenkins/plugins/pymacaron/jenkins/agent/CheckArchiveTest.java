package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the class archive beside the jars of a workspace, whose code writes to every file that it can reach. */
class CheckArchiveTest {
    private static final String MAKES = "-XX:ArchiveClassesAtExit=";
    private static final String USES = "-XX:SharedArchiveFile=";

    @TempDir
    Path directory;

    private final ClassArchives archives = new ClassArchives();

    @BeforeEach
    void jars() throws Exception {
        Files.writeString(directory.resolve("engine-0.jar"), "the core");
    }

    private List<String> options(boolean makes) throws Exception {
        return archives.options("agent\n17", new FilePath(directory.toFile()), makes);
    }

    /** Returns the archive that the next process is told to make. */
    private Path told() throws Exception {
        List<String> options = options(true);
        assertThat(options).singleElement().asString().startsWith(MAKES + directory);
        return Path.of(options.get(0).substring(MAKES.length()));
    }

    private Path made() throws Exception {
        return Files.writeString(told(), "an archive");
    }

    @Test
    void theFirstProcessMakesIt_andTheNextOnesUseIt() throws Exception {
        assertThat(options(false)).isEmpty();
        Path archive = made();
        assertThat(options(false)).containsExactly(USES + archive);
        assertThat(options(true)).containsExactly(USES + archive);
        assertThat(archives.options("agent\n21", new FilePath(directory.toFile()), false))
                .as("for another Java")
                .isEmpty();
    }

    @Test
    void aFileThatIsNotCompleteIsNotUsed() throws Exception {
        Path archive = told();
        assertThat(options(false)).as("no file yet").isEmpty();
        Files.write(archive, new byte[0]);
        assertThat(options(false)).as("an empty file").isEmpty();
        Files.write(archive, new byte[4096]);
        assertThat(options(false)).as("no header yet").isEmpty();
        assertThat(told()).isNotEqualTo(archive);
        assertThat(archive).doesNotExist();
    }

    @Test
    void aChangedFileIsNotUsed() throws Exception {
        Path archive = made();
        options(false);
        Files.writeString(archive, "another archive");
        assertThat(options(false)).isEmpty();
        assertThat(archive).doesNotExist();

        Path next = made();
        options(false);
        Path elsewhere = Files.copy(next, directory.resolve("elsewhere"));
        Files.delete(next);
        Files.createSymbolicLink(next, elsewhere);
        assertThat(options(false)).as("a link").isEmpty();
        Files.delete(next);
        Files.createLink(next, elsewhere);
        assertThat(options(false)).as("a file with a second name").isEmpty();
    }

    @Test
    void onlyItsOwnFilesAreRemoved() throws Exception {
        Files.writeString(directory.resolve(CheckArchive.PREFIX + "of-an-earlier-controller.jsa"), "old");
        Path archive = made();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(archive, directory.resolve("engine-0.jar"));
        }
        Files.delete(archive);
        Files.createDirectories(archive.resolve("in the way"));
        assertThat(options(true))
                .as("a directory in the way costs the archive, not the stage")
                .isEmpty();
    }
}
