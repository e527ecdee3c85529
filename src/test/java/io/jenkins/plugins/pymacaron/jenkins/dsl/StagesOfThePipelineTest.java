package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageTable;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.scm.api.SCMHead;
import org.junit.jupiter.api.Test;

/** The stages that pymacaronDeploy() opens for its parameters, against the one list of them. */
class StagesOfThePipelineTest {
    private static final BuildOrigin PRIMARY = new BuildOrigin(new SCMHead("main"), true, true);
    private static final BuildOrigin BRANCH = new BuildOrigin(new SCMHead("feature/x"), false, true);
    private static final BuildOrigin REQUEST = new BuildOrigin(new Heads.Request("PR-1"), false, true);
    private static final Map<BuildOrigin, Stage> LAST = Map.of(
            PRIMARY, Stage.ACCEPT_LIVE,
            BRANCH, Stage.ACCEPT_STAGING,
            REQUEST, Stage.CONTAINER);
    private static final Map<Stage, String> NAMES = Map.of(
            Stage.UNIT, "unit",
            Stage.CONTAINER, "container",
            Stage.ACCEPT_STAGING, "staging",
            Stage.ACCEPT_LIVE, "live");

    @SuppressWarnings("unchecked")
    private static List<String> decided(
            Set<Stage> leftOut, boolean approve, BuildOrigin origin, Optional<RollbackRequest> request)
            throws Exception {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("skip", leftOut.stream().map(NAMES::get).toList());
        if (approve) {
            parameters.put("approve", true);
        }
        Order order = new Order(new Parameters(parameters), origin, new Surroundings(false, true, true, true), request);
        return (List<String>) order.decide().get("stages");
    }

    /** In a Pipeline, the step of the promotion runs pre_promote, and an approval is a stage. */
    private static List<String> titles(List<Stage> stages, boolean approve) {
        List<String> titles = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage == Stage.PROMOTE && approve) {
                titles.add("Approve");
            }
            if (stage != Stage.PRE_PROMOTE) {
                titles.add(stage.title());
            }
        }
        return titles;
    }

    @Test
    void theOneLineRunsWhatTheListSays() throws Exception {
        for (Map.Entry<BuildOrigin, Stage> origin : LAST.entrySet()) {
            for (Set<Stage> leftOut : StageTable.choicesOfTests()) {
                for (boolean approve : List.of(true, false)) {
                    assertThat(decided(leftOut, approve, origin.getKey(), Optional.empty()))
                            .as("without %s, of %s", leftOut, origin.getKey().name())
                            .isEqualTo(titles(StageTable.expected(origin.getValue(), leftOut), approve));
                }
            }
        }
    }

    /** The facade opens the stages in the order in which they stand there. */
    @Test
    void theFacadeOpensThemInTheSameOrder() throws Exception {
        String facade;
        try (InputStream in = Order.class.getResourceAsStream("PymacaronDeploy.groovy")) {
            facade = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> opened = new ArrayList<>();
        Matcher stage = Pattern.compile("\\bstage\\(order, '([^']+)'\\)").matcher(facade);
        while (stage.find()) {
            opened.add(stage.group(1));
        }
        List<String> expected = new ArrayList<>(List.of(Stage.ROLLBACK.title()));
        expected.addAll(titles(StageTable.expected(Stage.ACCEPT_LIVE, EnumSet.noneOf(Stage.class)), true));

        assertThat(opened).isEqualTo(expected);
    }
}
