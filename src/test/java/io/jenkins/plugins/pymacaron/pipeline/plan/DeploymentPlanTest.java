package io.jenkins.plugins.pymacaron.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plan of a deployment of an image that exists. A program that answers as docker does for that image, and that has no
 * others, takes the place of the docker client.
 */
class DeploymentPlanTest {
    private static final String VERSION = "two";
    private static final String HOOK = "pre_promote: [python, manage.py, migrate]";

    @TempDir
    static Path directory;

    private static FakeService service;
    private static Path docker;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
        docker = directory.resolve("docker");
        Files.writeString(docker, """
                #!/bin/sh
                # docker image inspect and docker image ls, as far as a plan asks them
                case "$1 $2" in
                "image inspect") cat <<'JSON'
                [{"Id": "sha256:0123", "Created": "2026-01-02T03:04:05Z", "Size": 1,
                  "RepoTags": ["e2e/hello:two"], "RepoDigests": [],
                  "Architecture": "amd64", "Os": "linux",
                  "Config": {"Labels": {"io.jenkins.plugins.pymacaron.name": "hello", "io.jenkins.plugins.pymacaron.version": "two",
                    "io.jenkins.plugins.pymacaron.commit": "c-two", "io.jenkins.plugins.pymacaron.content": "src-2"}}}]
                JSON
                ;;
                esac
                """);
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
        service.docker(docker);
    }

    private static List<String> plan(Map<String, String> options, String config) throws Exception {
        Map<String, String> all = new HashMap<>(options);
        all.put("version", VERSION);
        all.put("push", "false");
        PreparedRun prepared = service.prepared(all, config);
        return new DeploymentPlan(prepared, service.pym().key()).lines();
    }

    private static void assertNothingWasApplied() {
        assertThat(service.targets())
                .allSatisfy(target ->
                        assertThat(target.applied).as(target.environment()).isEmpty());
    }

    @Test
    void aPlanSaysWhatServesAndWhatWouldBeDoneInItsOrder() throws Exception {
        List<String> lines = plan(Map.of(), "");

        String all = String.join("\n", lines);
        assertThat(lines.get(0)).startsWith("Plan for hello at commit ");
        assertThat(lines).contains("  reuse image e2e/hello:two", "  keep the image on this machine (--no-push)");
        assertThat(all)
                .containsSubsequence(
                        "docker/hello/staging, where one serves at " + service.staging.url(),
                        "create r-two",
                        "route r-two",
                        "docker/hello/live, where one serves at "
                                + service.live().url(),
                        "create r-two",
                        "wait for r-two",
                        "route r-two",
                        "At the end",
                        "delete r-one");
        assertNothingWasApplied();
    }

    @Test
    void aServingVersionNeedsNothing() throws Exception {
        Map<String, String> ids = new HashMap<>();
        for (FakeTarget target : service.targets()) {
            String id = plan(Map.of(), HOOK).stream()
                    .filter(line -> line.startsWith("  route r-"))
                    .toList()
                    .get(target == service.staging ? 0 : 1)
                    .substring("  route r-".length());
            ids.put(target.environment(), id);
        }
        for (FakeTarget target : service.targets()) {
            target.serving(ids.get(target.environment()), "c-two");
        }

        List<String> lines = plan(Map.of(), HOOK);

        assertThat(lines).contains("  nothing: it serves already");
        assertThat(lines).doesNotContain("Before promotion");
        assertNothingWasApplied();
    }

    @Test
    void prePromoteStandsBetweenStagingAndLive() throws Exception {
        String all = String.join("\n", plan(Map.of(), HOOK));

        assertThat(all)
                .containsSubsequence(
                        "docker/hello/staging, where",
                        "Before promotion",
                        "  run python manage.py migrate",
                        "docker/hello/live, where");
    }

    @Test
    void aCandidateThatIsAcceptedBesideLiveSaysSoUnlessNothingIsTested() throws Exception {
        service.live().apart = true;
        String tests = "  run the acceptance tests on it before it gets traffic";

        assertThat(plan(Map.of(), "")).contains(tests);
        assertThat(plan(Map.of("tests", "NONE"), "")).doesNotContain(tests);
        service.live().stop();
        assertThat(plan(Map.of(), "")).as("nobody is sent there").doesNotContain(tests);
    }

    @Test
    void aFirstDeploymentSaysThatNothingServes() throws Exception {
        service.live().clear();

        assertThat(plan(Map.of(), "")).contains("docker/hello/live, where nothing serves now");
    }

    @Test
    void aVersionKeptForARollbackIsNotDeleted() throws Exception {
        service.live().serving("zero", "c");
        service.live().serving("one", "c");

        List<String> lines = plan(Map.of(), "retention: {deployments: 0}");

        assertThat(lines).contains("  delete r-zero");
    }

    @Test
    void aTargetThatCannotBeReadIsOneLine() {
        service.live().faults.unreadable = "the credential is refused";

        assertThatThrownBy(() -> plan(Map.of(), ""))
                .isInstanceOf(StageFailedException.class)
                .hasMessage("the credential is refused");
    }

    @Test
    void anImageThatIsNotThereIsOneLine() throws Exception {
        service.docker(directory.resolve("no-docker-here"));

        assertThatThrownBy(() -> plan(Map.of(), "")).hasMessageContaining("no-docker-here");
    }
}
