package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.report.Deployment;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline with real parts, where all goes well. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class DeployTest {
    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
    }

    @Test
    void firstUnchangedAndChanged() throws Exception {
        Service.Ended first = service.run();

        assertThat(first.code()).as(first.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(Service.underTest()).isEmpty();
        RunSummary summary = service.summary();
        assertThat(summary.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(summary.stages())
                .filteredOn(stage -> stage.state() == StageState.PASSED)
                .extracting(StageSummary::key)
                .containsExactly(
                        "preflight",
                        "unit",
                        "build",
                        "container",
                        "push",
                        "staging",
                        "accept-staging",
                        "promote",
                        "live");
        String live = Service.liveContainers().get(0).id();

        Service.Ended unchanged = service.run();

        assertThat(unchanged.code()).as(unchanged.output()).isZero();
        assertThat(unchanged.output()).contains("reused: nothing has changed", "as it was");
        assertThat(Service.liveContainers()).hasSize(1).first().satisfies(c -> assertThat(c.id())
                .isEqualTo(live));

        service.content("two").commit("second");
        // By the same clock as the run.
        Instant begun = Instant.now();
        Service.Ended changed = service.run();
        long took = Duration.between(begun, Instant.now()).toMillis();
        List<Long> times = Stream.of(changed.output()
                        .replaceAll("(?s).*\nTime: (\\d+) ms, (\\d+) ms .*", "$1 $2")
                        .split(" "))
                .map(Long::valueOf)
                .toList();
        assertThat(times.get(0)).as("the time of this run alone").isBetween(took / 2, took);
        assertThat(times.get(1)).isBetween(1L, times.get(0) - 1);

        assertThat(changed.code()).as(changed.output()).isZero();
        boolean published = Service.docker().engine().canPublish();
        assertThat(changed.output()).contains(published ? " probes failed, longest gap " : "no failed request");
        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.staging()).isEqualTo("two");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        summary = service.summary();
        assertThat(service.lastRun().resolve("report/report.html")).content().contains(summary.version());
        assertThat(summary.commit()).isEqualTo(service.git("rev-parse", "HEAD"));
        assertThat(summary.branch()).isEqualTo("main");
        assertThat(summary.version()).endsWith(summary.commit().substring(0, 6));
        assertThat(summary.digest()).startsWith("sha256:");
        Map<String, StageSummary> stages =
                summary.stages().stream().collect(Collectors.toMap(StageSummary::key, stage -> stage));
        assertThat(stages.get("push").started().orElseThrow())
                .as("the push runs while the image is accepted")
                .isBeforeOrEqualTo(stages.get("container").started().orElseThrow());
        assertThat(changed.output()).containsSubsequence("ok Accept image", "== Push image", "ok Push image");
        assertThat(summary.deployments())
                .extracting(Deployment::slot, Deployment::url)
                .containsExactly(
                        tuple("staging", "http://127.0.0.1:" + Service.STAGING),
                        tuple("live", "http://127.0.0.1:" + Service.LIVE));
        assertThat(summary.stages())
                .filteredOn(stage -> stage.counts().isPresent())
                .extracting(stage -> stage.counts().get().total())
                .containsExactly(1, 2, 2, 2);
        assertThat(summary.stages())
                .filteredOn(stage -> stage.gap().isPresent())
                .singleElement()
                .satisfies(stage -> assertThat(stage.gap().get().failures() > 0).isEqualTo(published));
    }

    /** This is the normal state of an engine without a bridge. */
    @Test
    void onTheMachinesNetworkNoRequestFails() throws Exception {
        assumeTrue(Service.docker().engine().canPublish(), "an engine that publishes ports");
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.write("pym-config.yaml", Service.config() + "docker_network: host\n")
                .commit("host");

        Service.Ended from = service.run("--no-test", "--no-push");

        assertThat(from.code()).as(from.output()).isZero();
        assertThat(from.output()).contains(" probes failed, longest gap ");
        service.content("two").commit("second");
        Service.Ended within = service.run("--no-test", "--no-push");
        assertThat(within.code()).as(within.output()).isZero();
        assertThat(within.output()).contains("no failed request");
        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.liveContainers())
                .extracting(facts -> facts.network().mode())
                .containsOnly("host");
    }

    @Test
    void aVersionComesBackAndGoesAgain() throws Exception {
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        String one = service.summary().version();
        service.content("two").commit("second");
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        String two = service.summary().version();
        String before = Service.containers().toString();

        Service.Ended plan = service.run("--plan", "--rollback");

        assertThat(plan.code()).isZero();
        assertThat(plan.output()).contains(two + " is live, " + one + " would be", "  start container");
        assertThat(Service.containers()).hasToString(before);

        Service.Ended back = service.run("--rollback");

        assertThat(back.code()).as(back.output()).isZero();
        assertThat(back.output()).contains(one + " serves again at http://127.0.0.1:" + Service.LIVE);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");

        assertThat(service.run("--rollback", two).code()).isZero();
        assertThat(Service.live()).isEqualTo("two");

        assertThat(service.run("--rollback", two)).satisfies(ended -> {
            assertThat(ended.code()).isEqualTo(3);
            assertThat(ended.output()).contains(two + " is live in docker/" + Service.NAME + "/live already");
        });
        assertThat(service.run("--rollback", "1-2-3")).satisfies(ended -> {
            assertThat(ended.code()).isEqualTo(3);
            assertThat(ended.output()).contains("version 1-2-3 is not kept", "there are " + one, "--deploy VERSION");
        });

        Service.Ended again = service.run("--deploy", one, "--no-push", "--no-unittest");

        assertThat(again.code()).as(again.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(again.output())
                .contains(
                        "Unit tests: skipped, an existing image is deployed",
                        "Accept image: skipped, an existing image is deployed",
                        "Push image: skipped, an existing image is deployed");
        assertThat(service.summary().stages())
                .extracting(StageSummary::state)
                .containsOnly(StageState.PASSED, StageState.SKIPPED);
    }

    @Test
    void aPlanIsCompleteAndChangesNothing() throws Exception {
        String config = Service.config() + "pre_promote: [sh, -c, 'exit 0']\nretention: {images: 1, deployments: 1}\n";
        service.write("pym-config.yaml", config).commit("keeps little");
        for (String content : List.of("one", "two")) {
            service.content(content).commit(content);
            assertThat(service.run("--no-test").code()).isZero();
        }
        List<String> before = things();
        String files = files();
        service.content("three").commit("three");
        Docker docker = Service.docker();
        String live = Service.liveContainers().get(0).origin().image();

        Service.Ended plan = service.run("--plan");

        assertThat(plan.code()).as(plan.output()).isZero();
        assertThat(things()).isEqualTo(before);
        assertThat(files()).isEqualTo(files);
        assertThat(plan.output().lines().filter(line -> line.contains(" container ")))
                .as("each change once")
                .doesNotHaveDuplicates();
        String version = plan.output().replaceAll("(?s).*build image \\S+:(\\S+) from.*", "$1");
        assertThat(plan.output())
                .contains(
                        "  push image ",
                        "  create container pym-" + Service.NAME + "-staging-" + version + "-… from ",
                        "  create container pym-" + Service.NAME + "-live-" + version + "-…-rehearsal from ",
                        "Before promotion\n  run sh -c exit 0\n",
                        "At the end\n  remove container pym-");
        assertThat(service.run("--no-test").code()).isZero();
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(things());
        assertThat(gone).as(plan.output()).hasSizeGreaterThan(3);
        List<String> planned = plan.output()
                .lines()
                .dropWhile(line -> !line.equals("At the end"))
                .filter(line -> line.startsWith("  remove "))
                .map(line -> line.replaceFirst("  remove (container|image) ", ""))
                .toList();
        assertThat(planned).containsExactlyInAnyOrderElementsOf(gone);
        assertThat(docker.images().inspect(live)).as("what can come back").isPresent();
    }

    /** Names of containers and tags of images of the service. */
    private static List<String> things() throws Exception {
        List<String> all = new ArrayList<>();
        Service.containers().forEach(c -> all.add(c.name()));
        Service.docker()
                .images()
                .labelled(Map.of("io.jenkins.plugins.pymacaron.name", Service.NAME))
                .forEach(image -> all.addAll(image.tags()));
        return all.stream().sorted().toList();
    }

    /** Names and times of all files of the project. */
    private String files() throws Exception {
        return files(service.directory().resolve(".pym"))
                + files(service.directory().resolve("test"));
    }

    private static String files(Path directory) throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted()
                    .map(path -> path + " " + path.toFile().lastModified())
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    void partsOfAPipeline() throws Exception {
        Service.Ended plan = service.run("--plan");

        assertThat(plan.code()).as(plan.output()).isZero();
        assertThat(plan.output()).contains("build image", "push image", "nothing serves now", "create container");
        assertThat(service.directory().resolve(".pym")).doesNotExist();
        assertThat(Service.containers()).isEmpty();

        Path report = temporary.resolve("report");
        Service.Ended built = service.run("--no-deploy", "--no-push", "--no-test", "--report", report.toString());

        assertThat(built.code()).as(built.output()).isZero();
        assertThat(built.output()).contains("Unit tests: skipped, --no-test", "Push image: skipped, --no-push");
        assertThat(built.output()).contains("Promote to live: skipped, --no-deploy");
        assertThat(Service.containers()).isEmpty();
        assertThat(RunSummary.read(report.resolve("summary.json")).outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(report.resolve("report.html")).isNotEmptyFile();

        Service.Ended planned = service.run("--plan", "--no-push");

        assertThat(planned.output()).contains("reuse image", "keep the image on this machine (--no-push)");

        Service.Ended forced = service.run("--no-deploy", "--no-push", "--no-test", "--force-build");
        assertThat(forced.code()).isZero();
        assertThat(forced.output()).doesNotContain("reused");

        service.write("pym-config.yaml", Service.config() + "retention: {images: 1}\n")
                .commit("one image");
        String old = service.summary().image();
        service.content("two").commit("two");
        Service.Ended second = service.run("--no-deploy", "--no-push", "--no-test");
        assertThat(second.code()).isZero();
        assertThat(second.output()).contains("removed old images: ", old);
        assertThat(Service.docker().images().inspect(old)).isEmpty();
    }

    @Test
    void pushedCommitsFromACleanClone() throws Exception {
        Path origin = temporary.toRealPath().resolve("origin.git");
        service.git("clone", "--quiet", "--bare", ".", origin.toString());
        service.git("remote", "add", "origin", origin.toString());
        String pushed = service.git("rev-parse", "HEAD");
        service.content("not pushed").commit("second").write("dirty.txt", "");
        String[] quick = {"--no-deploy", "--no-push", "--no-test"};

        Service.Ended branch = service.run(with(quick, "--branch"));

        assertThat(branch.code()).as(branch.output()).isZero();
        assertThat(branch.output()).contains("Commit " + pushed.substring(0, 6) + " of branch main, as pushed");
        assertThat(branch.output()).doesNotContain("not committed");
        assertThat(service.summary().commit()).isEqualTo(pushed);

        assertThat(service.run(with(quick, "--commit", pushed)).output()).contains(", as pushed");
        assertThat(service.run(with(quick, "--commit", service.git("rev-parse", "HEAD"))))
                .satisfies(ended -> {
                    assertThat(ended.code()).isEqualTo(3);
                    assertThat(ended.output()).contains("there is no commit ", "Push it.");
                });
        assertThat(service.run(with(quick, "--branch", "other"))).satisfies(ended -> {
            assertThat(ended.code()).isEqualTo(3);
            assertThat(ended.output()).contains("other");
        });
        assertThat(service.run("--plan").output())
                .contains("HEAD of the working copy", "warning: not committed, so not deployed: dirty.txt");
    }

    @Test
    void anotherConfigurationFile() throws Exception {
        service.write("pym-config.blue.yaml", Service.config() + "pre_promote: [sh, -c, 'echo before $PYM_ENV']\n")
                .commit("blue");

        Service.Ended ended = service.run("--env", "blue", "--no-push", "--no-unittest");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("ok Before promotion", "    before " + Service.NAME + "-live");
        assertThat(Service.ask(Service.LIVE, "/version")).contains(Service.NAME + "-live");

        ended = service.run("--env", "blue", "--no-push", "--no-test");
        assertThat(ended.output())
                .as("nothing changes, so there is nothing to migrate")
                .contains("-- Before promotion: skipped, live serves this version already");

        service.write("pym-config.blue.yaml", Service.config() + "pre_promote: [sh, -c, 'exit 7']\n")
                .content("two")
                .commit("a migration that fails");
        ended = service.run("--env", "blue", "--no-push", "--no-test");

        assertThat(ended.code()).as(ended.output()).isEqualTo(6);
        assertThat(ended.output()).contains("FAILED Before promotion", "pre_promote");
        assertThat(Service.live()).isEqualTo("one");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }
}
