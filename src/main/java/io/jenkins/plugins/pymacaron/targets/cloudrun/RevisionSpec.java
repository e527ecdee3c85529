package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All inputs of a revision except its environment variables, whose values the journal must not hold.
 *
 * @param image {@code repository@sha256:…}
 * @param serviceAccount empty keeps the one of the service
 * @param maxInstances empty keeps that of the service
 * @param settings the settings that the service gets when the revision serves
 * @param notes the revision's annotations, see {@link CloudRunMetadata}
 */
record RevisionSpec(
        String image,
        String memory,
        String cpu,
        int concurrency,
        Optional<Integer> maxInstances,
        Duration timeout,
        Optional<String> serviceAccount,
        ServiceSettings settings,
        RevisionExtras extras,
        Map<String, String> notes) {
    private static final String NOTE = "note:";

    static RevisionSpec of(PymConfig config, Candidate candidate, String environment) {
        return new RevisionSpec(
                candidate.image(),
                config.get(GoogleKeys.GCP_MEMORY),
                config.get(GoogleKeys.GCP_CPU),
                config.get(GoogleKeys.GCP_REQUEST_CONCURRENCY),
                config.find(GoogleKeys.GCP_MAX_INSTANCES),
                config.get(GoogleKeys.GCP_TIMEOUT),
                config.find(GoogleKeys.GCP_SERVICE_ACCOUNT),
                ServiceSettings.of(config),
                RevisionExtras.of(config),
                Map.of(
                        CloudRunMetadata.ENVIRONMENT, environment,
                        CloudRunMetadata.DEPLOYMENT, candidate.deploymentId(),
                        CloudRunMetadata.VERSION, candidate.version(),
                        CloudRunMetadata.DIGEST, candidate.digest(),
                        CloudRunMetadata.COMMIT, candidate.commit()));
    }

    Map<String, String> toArgs() {
        Map<String, String> args = new HashMap<>();
        args.put("image", image);
        args.put("memory", memory);
        args.put("cpu", cpu);
        args.put("concurrency", Integer.toString(concurrency));
        maxInstances.ifPresent(most -> args.put("maxInstances", Integer.toString(most)));
        args.put("timeout", timeout.toString());
        serviceAccount.ifPresent(account -> args.put("serviceAccount", account));
        args.putAll(settings.toArgs());
        args.putAll(extras.toArgs());
        notes.forEach((name, value) -> args.put(NOTE + name, value));
        return Map.copyOf(args);
    }

    static RevisionSpec read(Map<String, String> args) {
        Map<String, String> notes = new HashMap<>();
        args.forEach((name, value) -> {
            if (name.startsWith(NOTE)) {
                notes.put(name.substring(NOTE.length()), value);
            }
        });
        return new RevisionSpec(
                args.get("image"),
                args.get("memory"),
                args.get("cpu"),
                Integer.parseInt(args.get("concurrency")),
                Optional.ofNullable(args.get("maxInstances")).map(Integer::valueOf),
                Duration.parse(args.get("timeout")),
                Optional.ofNullable(args.get("serviceAccount")),
                ServiceSettings.read(args),
                RevisionExtras.read(args),
                Map.copyOf(notes));
    }
}
