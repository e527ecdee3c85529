package io.jenkins.plugins.pymacaron.jenkins.agent;

import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ImageRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What steps answer to their Pipelines: plain maps and lists, which every sandbox lets through and every program.dat takes. */
final class Answers {
    private Answers() {}

    static Map<String, Object> of(StageOrder order, ResultText result) {
        return switch (order.getStage()) {
            case "config" -> config(result);
            case "plan" -> plan(result);
            case "build", "push" -> Records.image(result).map(Answers::image).orElseGet(LinkedHashMap::new);
            case "unit", "container", "accept-staging", "live" -> report(result);
            default -> deployment(result);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> config(ResultText result) {
        return result.plain("config") instanceof Map<?, ?> config
                ? (Map<String, Object>) config
                : new LinkedHashMap<>();
    }

    private static Map<String, Object> plan(ResultText result) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("service", result.line("service"));
        answer.put("commit", result.line("commit"));
        List<String> lines = new ArrayList<>();
        result.list("plan").forEach(line -> lines.add(line.asText()));
        answer.put("plan", lines);
        return answer;
    }

    private static Map<String, Object> image(ImageRecord image) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", image.getName());
        answer.put("tag", image.getTag());
        answer.put("digest", image.getDigest());
        answer.put("version", image.getVersion());
        answer.put("commit", image.getCommit());
        answer.put("reused", image.isReused());
        return answer;
    }

    private static Map<String, Object> report(ResultText result) {
        int passed = result.node("counts").path("passed").asInt();
        int failed = result.node("counts").path("failed").asInt();
        int errors = result.node("counts").path("errors").asInt();
        int skipped = result.node("counts").path("skipped").asInt();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("total", passed + failed + errors + skipped);
        answer.put("passed", passed);
        answer.put("failed", failed + errors);
        answer.put("skipped", skipped);
        answer.put("duration", Records.duration(result).toMillis() / 1000.0);
        return answer;
    }

    /** The first of them, which is the only one for most services; all are under {@code all}. */
    private static Map<String, Object> deployment(ResultText result) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (DeploymentRecord d : Records.deployments(result, "deployments")) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("target", d.getTarget());
            one.put("environment", d.getEnvironment());
            one.put("url", d.getUrl());
            one.put("version", d.getVersion());
            one.put("digest", d.getDigest());
            one.put("commit", d.getCommit());
            one.put("revision", d.getRevision());
            all.add(one);
        }
        Map<String, Object> answer = new LinkedHashMap<>(all.isEmpty() ? Map.of() : all.get(0));
        answer.put("all", all);
        return answer;
    }
}
