package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.FreeStyleBuild;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistory;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A controller that cannot write what a stage came to, and then can. A directory stands where a file belongs. */
@WithJenkins
class FullDiskTest {
    private static final StageOrder PROMOTE = StageOrder.of("promote");
    private static final String RESULT = """
            {"schema":1,"stage":"promote","outcome":"SUCCEEDED","service":"hello","started":"2030-01-01T00:00:00Z",\
            "duration":"PT1S","state":{"promotion":{"run":"x"}},"report":{"suites":[],"logs":[]},\
            "environments":{"staging":"docker/hello/staging","live":["docker/hello/live"]},\
            "deployments":[{"slot":"live","target":"docker","environment":"docker/hello/live","url":"http://localhost",\
            "version":"2","digest":"sha256:ab","commit":"c","deployment":"d","revision":"r",\
            "since":"2030-01-01T00:00:00Z"}]}
            """;

    private static JenkinsRule j;

    private FreeStyleBuild build;
    private StageOutcome outcome;

    @BeforeAll
    static void jenkins(JenkinsRule rule) {
        j = rule;
    }

    @BeforeEach
    void aStageThatHasEnded() throws Exception {
        build = j.buildAndAssertSuccess(j.createFreeStyleProject());
        Leftovers.ofPromotion(build);
        outcome = StageOutcome.of(build, null, PROMOTE, RESULT, TaskListener.NULL);
    }

    private static Path block(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createDirectories(file.resolve("in the way"));
        return file;
    }

    private static void free(Path file) throws IOException {
        hudson.Util.deleteRecursive(file.toFile());
    }

    private void assertNotLost() {
        assertThat(UnfinishedStages.get().find(build, PROMOTE))
                .as("not crossed out")
                .isPresent();
    }

    private void assertRecordedOnce() throws Exception {
        assertThat(UnfinishedStages.get().find(build, PROMOTE)).isEmpty();
        build.reload();
        assertThat(PymacaronRun.find(build).orElseThrow().find(".").orElseThrow())
                .satisfies(service -> {
                    assertThat(service.getStages()).hasSize(1);
                    assertThat(service.getStateJson()).as("the rollback").contains("\"promotion\":{\"run\":\"x\"}");
                });
        assertThat(DeploymentHistory.of(build.getParent()).entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.version()).isEqualTo("2");
                    assertThat(entry.isOf(build)).isTrue();
                });
    }

    @Test
    void theHistoryIsWrittenAsSoonAsThereIsRoom() throws Exception {
        Path history = block(build.getParent().getRootDir().toPath().resolve("pymacaron-deployments.jsonl"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(outcome::record).isInstanceOf(IOException.class);
            assertNotLost();
        }
        free(history);
        outcome.record();
        assertRecordedOnce();
    }

    @Test
    void theBuildIsWrittenAsSoonAsThereIsRoom() throws Exception {
        Path record = block(build.getRootDir().toPath().resolve("build.xml"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(outcome::record).isInstanceOf(IOException.class);
            assertNotLost();
        }
        free(record);
        outcome.record();
        assertRecordedOnce();
    }

    @Test
    void itIsToldAgainToOneThatHasWrittenIt() throws Exception {
        outcome.record();
        outcome.record();
        assertRecordedOnce();
    }
}
