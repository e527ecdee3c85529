package io.jenkins.plugins.pymacaron.jenkins.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.jenkins.run.DeploymentRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.ImageRecord;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A result as a build keeps it. */
final class Records {
    private Records() {}

    static StageRecord stage(StageOrder order, ResultText result, String nodeId, String reportFile) {
        JsonNode counts = result.node("counts");
        String message = result.line("message");
        List<DeploymentRecord> deployments = deployments(result, "deployments");
        return new StageRecord(order.getStage(), order.getTitle(), nodeId)
                .ended(result.text("outcome"), message.isEmpty() ? result.line("note") : message)
                .took(started(result), duration(result).toMillis())
                .counted(
                        counts.path("passed").asInt(),
                        counts.path("failed").asInt(),
                        counts.path("errors").asInt(),
                        counts.path("skipped").asInt())
                .at(
                        deployments.isEmpty()
                                ? result.line("url")
                                : deployments.get(0).getUrl())
                .reported(reportFile)
                .deployed(deployments);
    }

    static Optional<ImageRecord> image(ResultText result) {
        return result.object("image")
                .map(image -> new ImageRecord(
                        text(image, "name"),
                        text(image, "tag"),
                        text(image, "digest"),
                        text(image, "version"),
                        text(image, "commit"),
                        image.path("reused").asBoolean()));
    }

    static List<DeploymentRecord> deployments(ResultText result, String field) {
        List<DeploymentRecord> all = new ArrayList<>();
        for (JsonNode d : result.list(field)) {
            all.add(new DeploymentRecord(
                    text(d, "slot"),
                    text(d, "target"),
                    text(d, "environment"),
                    text(d, "url"),
                    text(d, "version"),
                    text(d, "digest"),
                    text(d, "commit"),
                    text(d, "deployment"),
                    text(d, "revision"),
                    text(d, "since")));
        }
        return all;
    }

    static String staging(ResultText result) {
        return text(result.node("environments"), "staging");
    }

    static List<String> live(ResultText result) {
        List<String> live = new ArrayList<>();
        result.node("environments").path("live").forEach(name -> live.add(name.asText()));
        return live;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("").replaceAll("\\s+", " ").strip();
    }

    private static long started(ResultText result) {
        try {
            return Instant.parse(result.text("started")).toEpochMilli();
        } catch (DateTimeParseException e) {
            return System.currentTimeMillis();
        }
    }

    static Duration duration(ResultText result) {
        try {
            return Duration.parse(result.text("duration"));
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
