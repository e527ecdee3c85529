package io.jenkins.plugins.pymacaron.jenkins.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.checks.api.ChecksConclusion;
import io.jenkins.plugins.checks.api.ChecksDetails;
import io.jenkins.plugins.checks.api.ChecksPublisher;
import io.jenkins.plugins.checks.api.ChecksPublisherFactory;
import io.jenkins.plugins.checks.api.ChecksStatus;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class StageChecksTest {
    private static final BlockingQueue<ChecksDetails> PUBLISHED = new LinkedBlockingQueue<>();

    @Test
    void areOfStagesThatTestOrDeploy(JenkinsRule j) throws Exception {
        FreeStyleBuild build = Delivery.build(
                j,
                j.createFreeStyleProject("hello"),
                Story.of(1, "2")
                        .accepted("unit", 5, 0, 1)
                        .plain("push", 3)
                        .failed("build", "BUILD_FAILED", "no `Dockerfile`")
                        .promoted()
                        .accepted("live", 3, 2, 0)
                        .rolledBack("1"));

        Map<String, ChecksDetails> checks = new TreeMap<>();
        while (checks.size() < 5) {
            ChecksDetails details = PUBLISHED.poll(600, TimeUnit.SECONDS);
            assertThat(details).isNotNull();
            details.getName().filter(name -> name.startsWith("hello /")).ifPresent(name -> checks.put(name, details));
        }
        assertThat(checks.keySet())
                .containsExactly(
                        "hello / Accept live",
                        "hello / Build image",
                        "hello / Promote to live",
                        "hello / Roll back",
                        "hello / Unit tests");
        assertThat(checks.values()).allMatch(c -> c.getStatus() == ChecksStatus.COMPLETED);
        ChecksDetails live = checks.get("hello / Accept live");
        assertThat(live.getConclusion()).isEqualTo(ChecksConclusion.FAILURE);
        assertThat(title(live)).isEqualTo("3 passed, 2 failed, 0 skipped");
        assertThat(live.getDetailsURL()).contains(j.getURL() + build.getUrl() + "acceptance/");
        assertThat(checks.get("hello / Unit tests").getConclusion()).isEqualTo(ChecksConclusion.SUCCESS);
        assertThat(title(checks.get("hello / Promote to live"))).isEqualTo("2 serves in " + Story.LIVE);
        assertThat(title(checks.get("hello / Roll back"))).isEqualTo("1 serves in " + Story.LIVE);
        assertThat(checks.get("hello / Build image")
                        .getOutput()
                        .orElseThrow()
                        .getSummary()
                        .orElseThrow())
                .as("nothing leaves the code")
                .isEqualTo("`no 'Dockerfile'`");
    }

    private static String title(ChecksDetails details) {
        return details.getOutput().orElseThrow().getTitle().orElseThrow();
    }

    /** Keeps what would go to the forge. */
    @TestExtension
    public static final class Kept extends ChecksPublisherFactory {
        @Override
        protected Optional<ChecksPublisher> createPublisher(Run<?, ?> run, TaskListener listener) {
            return Optional.of(new ChecksPublisher() {
                @Override
                public void publish(ChecksDetails details) {
                    PUBLISHED.add(details);
                }
            });
        }

        @Override
        protected Optional<ChecksPublisher> createPublisher(Job<?, ?> job, TaskListener listener) {
            return Optional.empty();
        }
    }
}
