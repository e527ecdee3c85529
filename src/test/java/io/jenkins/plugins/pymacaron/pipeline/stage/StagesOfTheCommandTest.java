package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest.Tests;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageTable;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages that pymdeploy runs for its options, against the one list of them. */
class StagesOfTheCommandTest {
    private static final String HOOK = "pre_promote: ['true']";

    @TempDir
    static Path directory;

    private static FakeService service;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static Set<Stage> leftOut(Tests tests) {
        return switch (tests) {
            case ALL -> EnumSet.noneOf(Stage.class);
            case ALL_BUT_UNIT -> EnumSet.of(Stage.UNIT);
            case NONE -> EnumSet.of(Stage.UNIT, Stage.CONTAINER, Stage.ACCEPT_STAGING, Stage.ACCEPT_LIVE);
        };
    }

    /** Returns the stages that ran, in their order. A stage that was done before counts as one that ran. */
    private static List<Stage> ran(Map<String, String> options) throws Exception {
        service.begin();
        List<String> order = new ArrayList<>();
        service.stages = order::add;
        FakeRun run = service.run(options, HOOK).deploy();
        assertThat(run.outcome).as(options + ": " + run.message).isEqualTo(RunOutcome.SUCCEEDED);
        return order.stream()
                .filter(moment -> moment.startsWith("+") || moment.startsWith("="))
                .map(moment -> Stage.ofKey(moment.substring(1)).orElseThrow())
                .toList();
    }

    /** The preflight is over before these stages. */
    private static List<Stage> expected(Stage last, Set<Stage> leftOut) {
        return StageTable.expected(last, leftOut).stream()
                .filter(stage -> stage != Stage.PREFLIGHT)
                .toList();
    }

    @Test
    void theCommandRunsWhatTheListSays() throws Exception {
        for (Tests tests : Tests.values()) {
            for (boolean push : List.of(true, false)) {
                for (boolean deploy : List.of(true, false)) {
                    Set<Stage> leftOut = leftOut(tests);
                    if (!push) {
                        leftOut.add(Stage.PUSH);
                    }
                    Map<String, String> options = Map.of(
                            "tests", tests.name(),
                            "push", Boolean.toString(push),
                            "deploy", Boolean.toString(deploy));

                    assertThat(ran(options))
                            .as(options.toString())
                            .isEqualTo(expected(deploy ? Stage.ACCEPT_LIVE : Stage.PUSH, leftOut));
                }
            }
        }
    }

    @Test
    void anImageThatExistsIsNeitherTestedNorPushed() throws Exception {
        for (Tests tests : Tests.values()) {
            Set<Stage> leftOut = leftOut(tests);
            leftOut.addAll(EnumSet.of(Stage.UNIT, Stage.CONTAINER, Stage.PUSH));
            Map<String, String> options = new HashMap<>(Map.of("tests", tests.name(), "version", "two"));

            assertThat(ran(options)).as(options.toString()).isEqualTo(expected(Stage.ACCEPT_LIVE, leftOut));
        }
    }
}
