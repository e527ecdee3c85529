package io.jenkins.plugins.pymacaron.jenkins.agent;

import static io.jenkins.plugins.pymacaron.jenkins.agent.StageResultParser.line;

import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ImageRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.report.Counts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Converts a result into the form that a build keeps. */
final class StageRecords {
    /** The limit of versions of an environment, and of environments of a service. */
    private static final int MOST_KEPT = 100;

    /** The limit of a plan. */
    private static final int MOST_LINES = 200;

    private static final int LONGEST_LINE = 500;

    private StageRecords() {}

    /** Returns the record. @param reportFile in the build's directory; null if there is none */
    static StageRecord stage(StageOrder order, StageResult result, String nodeId, String reportFile) {
        Counts counts = result.counts().orElse(Counts.NONE);
        List<DeploymentRecord> deployments =
                result.deployments().stream().map(StageRecords::deployment).toList();
        return new StageRecord(order.getStage(), order.getTitle(), nodeId)
                .ended(result.outcome().name(), line(result.message().isEmpty() ? result.note() : result.message()))
                .took(result.started().toEpochMilli(), result.duration().toMillis())
                .counted(counts.passed(), counts.failed(), counts.errors(), counts.skipped())
                .at(deployments.isEmpty() ? "" : deployments.get(0).getUrl())
                .because(order.getReason())
                .reported(reportFile)
                .deployed(deployments)
                .keeping(kept(result));
    }

    /** Returns the kept versions, limited, because an agent may report very many. */
    private static Map<String, List<String>> kept(StageResult result) {
        Map<String, List<String>> kept = new TreeMap<>();
        result.kept().entrySet().stream()
                .limit(MOST_KEPT)
                .forEach(e -> kept.put(
                        line(e.getKey()),
                        e.getValue().stream()
                                .limit(MOST_KEPT)
                                .map(StageResultParser::line)
                                .toList()));
        return kept;
    }

    /** Returns the knowledge of this service's build after the result. */
    static ServiceRun learn(ServiceRun service, StageResult result) {
        return service.named(line(result.service()), line(result.commit()), line(result.branch()))
                .writtenBy(ReasonTexts.line(result.author()))
                .serving(
                        line(result.environments().stagingId()),
                        result.environments().liveIds().stream()
                                .map(StageResultParser::line)
                                .toList())
                // Every stage names the image, in its state when that stage began.
                .with(result.image()
                        .filter(i -> result.state().containsKey("image"))
                        .map(i -> new ImageRecord(
                                line(i.name()),
                                line(i.tag()),
                                line(i.digest()),
                                line(i.version()),
                                line(i.commit()),
                                i.reused()))
                        .orElse(null))
                .planned(plan(result))
                .continuing(StageResultParser.stateAfter(service.getStateJson(), result));
    }

    /** Returns the lines for pages: a line is indented if it is part of the one before. */
    static List<String> plan(StageResult result) {
        return result.plan().stream()
                .limit(MOST_LINES)
                .map(text -> (text.startsWith("  ") ? "  " : "") + line(text))
                .map(text -> text.substring(0, Math.min(text.length(), LONGEST_LINE)))
                .toList();
    }

    /** Returns where the tests of a stage found the service, if this build has deployed it there. */
    static String tested(StageOrder order, ServiceRun service) {
        String brought =
                switch (order.getStage()) {
                    case "accept-staging" -> "staging";
                    case "live" -> "promote";
                    default -> "";
                };
        return service.last(brought).map(StageRecord::getUrl).orElse("");
    }

    private static DeploymentRecord deployment(MadeDeployment d) {
        return new DeploymentRecord(
                line(d.slot()),
                line(d.target()),
                line(d.environment()),
                line(d.url()),
                line(d.version()),
                line(d.digest()),
                line(d.commit()),
                line(d.deployment()),
                line(d.revision()),
                d.since().toString(),
                line(d.identity()));
    }
}
