package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests which directories of stages are deleted, with real processes. */
@WithJenkins
@Timeout(10 * 60)
class StageDirectoriesTest {
    private static final StageOrder ORDER = StageOrder.of("promote");
    private static final CountDownLatch END = new CountDownLatch(1);

    private static JenkinsRule j;

    @TempDir
    private Path temporary;

    private FilePath parent;

    @BeforeAll
    static void jenkins(JenkinsRule rule) {
        j = rule;
    }

    @BeforeEach
    void parent() {
        parent = new FilePath(temporary.toFile());
    }

    /** A build step that lasts as long as a test wants. */
    public static final class Wait extends TestBuilder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException {
            END.await();
            return true;
        }
    }

    private static FreeStyleBuild ended() throws Exception {
        return j.buildAndAssertSuccess(j.createFreeStyleProject());
    }

    private Path directory(FreeStyleBuild build) throws Exception {
        return directory(ORDER, build);
    }

    private Path directory(StageOrder order, FreeStyleBuild build) throws Exception {
        return Path.of(StageDirectories.get().create(order, build, "", parent).getRemote());
    }

    /** Deletes as a controller does that has been restarted since the stage began. */
    private void deleteAfterRestart() throws Exception {
        new StageDirectories().deleteAbandoned("", parent);
    }

    @Test
    void theDirectoryOfAKilledProcessIsDeletedWithItsNumberAndThatOfARunningOneIsNot() throws Exception {
        Path directory = directory(ended());
        Process core = new ProcessBuilder(
                        "sh", "-c", "while :; do sleep 1; done", "sh", directory.resolve("spec.json") + "")
                .start();
        Files.writeString(directory.resolve(StageFiles.PID), core.pid() + "\n");

        deleteAfterRestart();
        assertThat(directory.resolve(StageFiles.PID)).exists();

        core.destroyForcibly().waitFor();
        deleteAfterRestart();
        assertThat(directory).doesNotExist();
    }

    @Test
    void theResultIsKeptUntilItsBuildHasEnded() throws Exception {
        FreeStyleProject job = j.createFreeStyleProject();
        job.getBuildersList().add(new Wait());
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        Path directory = directory(build);
        Files.writeString(directory.resolve(StageFiles.RESULT), "{}");

        deleteAfterRestart();
        assertThat(directory.resolve(StageFiles.RESULT)).exists();

        END.countDown();
        j.waitForCompletion(build);
        deleteAfterRestart();
        assertThat(directory).doesNotExist();
    }

    /** A clean-up goes on for a build that ended long ago. */
    @Test
    void theDirectoryOfACleanUpIsKeptUntilItIsGivenUp() throws Exception {
        FreeStyleBuild ended = ended();
        Path directory = directory(StageOrder.of("cleanup"), ended);
        Path never = directory(ended);

        StageDirectories.get().deleteAbandoned("", parent);
        assertThat(directory).exists();
        assertThat(never).as("its build has ended without a word").doesNotExist();

        StageDirectories.get().delete("an agent that is away", directory.toString());
        StageDirectories.get().deleteAbandoned("an agent that is away", parent);
        assertThat(directory).doesNotExist();
    }

    @Test
    void otherFilesAreLeftAlone() throws Exception {
        Path home = Files.createDirectory(temporary.resolve("home"));
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Path file = Files.createFile(outside.resolve("file"));
        Path link = Files.createSymbolicLink(temporary.resolve("promote-01234567-89a"), outside);
        Path inside = Files.createDirectory(temporary.resolve("build-01234567-89a"));
        Files.createSymbolicLink(inside.resolve("link"), outside);
        Files.createSymbolicLink(inside.resolve(StageFiles.BUILD), file);

        deleteAfterRestart();

        assertThat(inside)
                .as("of a controller that died before it named its build")
                .doesNotExist();
        assertThat(home).exists();
        assertThat(link).isSymbolicLink();
        assertThat(file).exists();
    }
}
