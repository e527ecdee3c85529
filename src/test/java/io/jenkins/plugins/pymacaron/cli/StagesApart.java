package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.pipeline.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.StageSpec;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** One deployment of a {@link Service}, each stage by a command of its own, as Jenkins runs them. */
final class StagesApart {
    private final Service service;
    private final String run;
    private Path home;
    private Map<String, Map<String, String>> state = Map.of();
    private final Map<String, String> request = new HashMap<>(Map.of("push", "false"));

    StagesApart(Service service, String run) {
        this.service = service;
        this.run = run;
        home = service.directory().resolveSibling("home");
        request.put("python", RealDocker.variable("PYM_TEST_PYTHON"));
        service.with("PYM_DEPLOYMENT_KEY", "00112233445566778899aabbccddeeff");
    }

    /** Goes on where nothing is known of the stages before. */
    StagesApart onAnotherAgent() {
        home = home.resolveSibling(home.getFileName() + "-other");
        return this;
    }

    StagesApart asking(String key, String value) {
        request.put(key, value);
        return this;
    }

    Path spec(String stage, boolean last) throws Exception {
        StageSpec spec = new StageSpec(
                StageSpec.SCHEMA,
                stage,
                run,
                service.directory().toString(),
                home.toString(),
                request,
                Map.of(),
                List.of(),
                last,
                state);
        Path file = service.directory().resolveSibling("spec.json");
        return Files.writeString(file, spec.toJson());
    }

    StageResult run(String stage) throws Exception {
        return run(stage, stage.equals("live"));
    }

    StageResult run(String stage, boolean last) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter log = new StringWriter();
        CommandLine line = Main.commandLine(service.environment(), service.directory(), Instant.now())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(log, true));
        int code = line.execute("stage", "--spec", spec(stage, last).toString());
        assertThat(code).as(log.toString()).isZero();
        return read(out.toString());
    }

    /** What a stage printed is the one thing that others get to know of it. */
    StageResult read(String out) throws Exception {
        assertThat(out.lines()).as(out).hasSize(1);
        StageResult result = StageResult.fromJson(out);
        assertThat(out).doesNotContain(service.environment().get(Service.SECRET));
        state = result.state();
        return result;
    }

    StageResult good(String stage) throws Exception {
        StageResult result = run(stage);
        assertThat(result.outcome()).as(stage + ": " + result.message()).isEqualTo(RunOutcome.SUCCEEDED);
        return result;
    }

    StageResult bad(String stage, RunOutcome outcome) throws Exception {
        StageResult result = run(stage);
        assertThat(result.outcome()).as(stage + ": " + result.message()).isEqualTo(outcome);
        assertThat(result.message()).isNotBlank();
        return result;
    }
}
