package io.jenkins.plugins.pymacaron.jenkins.agent;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeImage;
import io.jenkins.plugins.pymacaron.report.Counts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the return values of steps for their Pipelines: plain maps and lists, which every sandbox allows and every
 * program.dat can store.
 */
final class StepReturnValues {
    private StepReturnValues() {}

    static Map<String, Object> of(StageOrder order, StageResult result) {
        return switch (order.getStage()) {
            case "config" -> new LinkedHashMap<>(result.config());
            case "plan" -> plan(result);
            case "build", "push" -> result.image().map(StepReturnValues::image).orElseGet(LinkedHashMap::new);
            case "unit", "container", "accept-staging", "live" -> report(result);
            default -> deployment(result);
        };
    }

    private static Map<String, Object> plan(StageResult result) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("service", result.service());
        answer.put("commit", result.commit());
        answer.put("plan", new ArrayList<>(result.plan()));
        return answer;
    }

    private static Map<String, Object> image(MadeImage image) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", image.name());
        answer.put("tag", image.tag());
        answer.put("digest", image.digest());
        answer.put("version", image.version());
        answer.put("commit", image.commit());
        answer.put("reused", image.reused());
        return answer;
    }

    private static Map<String, Object> report(StageResult result) {
        Counts counts = result.counts().orElse(Counts.NONE);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("total", counts.total());
        answer.put("passed", counts.passed());
        answer.put("failed", counts.bad());
        answer.put("skipped", counts.skipped());
        answer.put("duration", result.duration().toMillis() / 1000.0);
        return answer;
    }

    /** Returns the first deployment, which is the only one for most services; all are under {@code all}. */
    private static Map<String, Object> deployment(StageResult result) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (MadeDeployment d : result.deployments()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("target", d.target());
            one.put("environment", d.environment());
            one.put("url", d.url());
            one.put("version", d.version());
            one.put("digest", d.digest());
            one.put("commit", d.commit());
            one.put("revision", d.revision());
            all.add(one);
        }
        Map<String, Object> answer = new LinkedHashMap<>(all.isEmpty() ? Map.of() : all.get(0));
        answer.put("all", all);
        return answer;
    }
}
