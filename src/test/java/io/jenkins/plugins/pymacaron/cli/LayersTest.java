package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline with {@code builder: layers} and real parts. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class LayersTest {
    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
        service.with("XDG_CACHE_HOME", temporary.toRealPath().resolve("cache").toString())
                .write("pym-config.yaml", config())
                .commit("layers");
    }

    private static String config() {
        return Service.config().replace(RealDocker.base(), RealDocker.variable("PYM_TEST_BASE_PUSHED"))
                + "builder: layers\n";
    }

    @Test
    void firstChangedAndUnchanged() throws Exception {
        Service.Ended first = service.run();

        assertThat(first.code()).as(first.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
        RunSummary summary = service.summary();
        assertThat(summary.digest()).startsWith("sha256:");
        assertThat(first.output()).contains("@" + summary.digest()).doesNotContain("Step 1/");
        service.content("two").commit("second");

        Service.Ended changed = service.run();

        assertThat(changed.code()).as(changed.output()).isZero();
        assertThat(Service.live()).isEqualTo("two");
        assertThat(changed.output()).contains("The requirements have not changed: their layer is used again");
        RunSummary second = service.summary();
        assertThat(second.digest()).isNotEqualTo(summary.digest());

        Service.Ended unchanged = service.run();

        assertThat(unchanged.code()).as(unchanged.output()).isZero();
        assertThat(unchanged.output()).contains("reused from the registry: nothing has changed");
        assertThat(service.summary().digest()).isEqualTo(second.digest());
    }

    @Test
    void anImageIsBuiltAndPushedWhereThereIsNoEngine() throws Exception {
        service.with("DOCKER_HOST", "unix:///nonexistent/docker.sock")
                .content("without an engine")
                .commit("engine");

        Service.Ended ended = service.runChild("--no-test", "--no-deploy");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("pushed ");
        assertThat(service.summary().digest()).startsWith("sha256:");
    }

    @Test
    void aPreflightWithoutAnEngineSaysWhatNeedsOne() throws Exception {
        service.with("DOCKER_HOST", "unix:///nonexistent/docker.sock");

        Service.Ended accepting = service.runChild("--no-deploy");
        Service.Ended deploying = service.runChild("--no-test");

        assertThat(accepting.code()).isEqualTo(ExitCode.PREFLIGHT.code());
        assertThat(accepting.output())
                .contains("builder: layers builds without it, and the stage Accept image runs the image in it.");
        assertThat(deploying.code()).isEqualTo(ExitCode.PREFLIGHT.code());
        assertThat(deploying.output())
                .contains("builder: layers builds without it, and target: docker runs the service in it.");
    }

    @Test
    void instructionsOfADockerfileAreRefusedBeforeAnyWork() throws Exception {
        service.write("Dockerfile.extra", "RUN true\n").commit("extra");

        Service.Ended ended = service.run("--no-push");

        assertThat(ended.code()).isEqualTo(ExitCode.PREFLIGHT.code());
        assertThat(ended.output())
                .contains("Dockerfile.extra: error: builder: layers runs no instructions of a Dockerfile.")
                .contains("builder: layers builds into the registry, and this run pushes nothing (--no-push)");
        assertThat(service.lastRun().resolve("report/container.log")).doesNotExist();
    }

    /** A build of a change request has the login of the registry, and may not use it for a push. */
    @Test
    void aBuildThatMayNotShipWritesNothingToTheRegistry() throws Exception {
        String repository = "unpushed-" + Long.toHexString(System.nanoTime());
        service.write("pym-config.yaml", config().replace("docker_repo: e2e", "docker_repo: " + repository))
                .commit("request");
        StagesApart request =
                new StagesApart(service, "request").asking("push", "true").asking("ship", "false");

        StageResult refused = request.bad("build", RunOutcome.CONFIG_INVALID);

        assertThat(refused.message().lines())
                .singleElement()
                .asString()
                .contains("this run pushes nothing (only branches of the repository are pushed). Use builder: docker");
        assertThat(repositories()).doesNotContain(repository);
        new StagesApart(service, "branch").asking("push", "true").good("build");
        assertThat(repositories()).as("a push is seen").contains(repository);
    }

    /** Returns what the registry answers for the names of the repositories of that test. */
    private static String repositories() throws Exception {
        URI catalog =
                URI.create("http://" + RealDocker.variable("PYM_TEST_REGISTRY") + "/v2/_catalog?n=1000&last=unpushed");
        try (InputStream answer = catalog.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
