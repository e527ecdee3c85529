package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/** Runs one deployment of a {@link Service}, each stage by a command of its own, as Jenkins does. */
final class StagesApart {
    private final Service service;
    private final String run;
    private Path home;
    private Map<String, Map<String, String>> state = Map.of();
    private List<String> hidden = List.of();
    private String secret;
    private String log = "";
    private final Map<String, String> request = new HashMap<>(Map.of("push", "false"));

    StagesApart(Service service, String run) {
        this.service = service;
        this.run = run;
        home = service.directory().resolveSibling("home");
        secret = service.environment().get(Service.SECRET);
        request.put("python", RealDocker.variable("PYM_TEST_PYTHON"));
        service.with("PYM_DEPLOYMENT_KEY", "00112233445566778899aabbccddeeff");
    }

    /** Deploys the present state of {@code service}, from its image to live. */
    static StagesApart deployed(Service service, String run) throws Exception {
        StagesApart stages = new StagesApart(service, run);
        for (String stage : new String[] {"build", "staging", "promote", "live"}) {
            stages.good(stage);
        }
        return stages;
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

    /** Continues as if the later results had been lost. */
    StagesApart knowing(Map<String, Map<String, String>> earlier) {
        state = earlier;
        return this;
    }

    Map<String, Map<String, String>> state() {
        return state;
    }

    StagesApart hiding(String variable) {
        hidden = List.of(variable);
        return this;
    }

    /** Sets a secret that no result may contain, where the environment does not have it. */
    StagesApart secretIs(String value) {
        secret = value;
        return this;
    }

    /** Returns the log of the last stage. */
    String log() {
        return log;
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
                hidden,
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
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(service.environment(), service.directory(), Instant.now())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = line.execute("stage", "--spec", spec(stage, last).toString());
        log = err.toString();
        assertThat(code).as(log).isZero();
        return read(out.toString());
    }

    /** Reads the output of a stage, which is the only thing that others learn of it. */
    StageResult read(String out) throws Exception {
        assertThat(out.lines()).as(out).hasSize(1);
        StageResult result = StageResult.fromJson(out);
        assertThat(out).doesNotContain(secret);
        // As a controller does it: what is new over what it knows.
        state = new TreeMap<>(state);
        state.putAll(result.state());
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
