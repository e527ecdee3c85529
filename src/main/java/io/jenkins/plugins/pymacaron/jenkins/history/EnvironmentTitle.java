package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Returns the title of an environment for people: <em>Live · Docker on AGENT</em>. */
final class EnvironmentTitle {
    private EnvironmentTitle() {}

    /** Returns the title. @param now the deployment that serves there */
    @NonNull
    static String of(@NonNull String id, @NonNull DeploymentEntry now) {
        Map<String, String> parts = EnvironmentNames.parts(id);
        String slot =
                now.slot().equals("live") ? Messages.EnvironmentTitle_live() : Messages.EnvironmentTitle_staging();
        String further = Stream.of(parts.getOrDefault("live", ""), parts.getOrDefault("env", ""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        return Messages.EnvironmentTitle_both(further.isEmpty() ? slot : slot + " " + further, place(now, parts));
    }

    private static String place(DeploymentEntry now, Map<String, String> parts) {
        Optional<DeployTarget> target = DeployTarget.parse(now.target());
        String title = target.map(DeployTarget::title).orElse(now.target());
        if (target.isEmpty()) {
            return title;
        }
        String region = parts.getOrDefault("region", "");
        return switch (target.get()) {
            case DOCKER -> on(title, now.node());
            case BEANSTALK, CLOUD_RUN -> region.isEmpty() ? title : Messages.EnvironmentTitle_in(title, region);
            case GKE ->
                parts.containsKey("context")
                        ? on(Messages.EnvironmentTitle_kubernetes(), parts.get("context"))
                        : on(title, parts.getOrDefault("cluster", region));
        };
    }

    private static String on(String target, String place) {
        return place.isEmpty() ? target : Messages.EnvironmentTitle_on(target, place);
    }
}
