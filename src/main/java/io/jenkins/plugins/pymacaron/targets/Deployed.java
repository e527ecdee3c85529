package io.jenkins.plugins.pymacaron.targets;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A deployment that exists in an environment.
 *
 * @param environment see {@link Target#environment}
 * @param deploymentId see {@link DeploymentId}
 * @param version the version that GET /version returns
 * @param digest the digest that the provider says it runs
 * @param commit the commit that it was built from
 * @param url the URL at which it answers, without a slash at the end
 * @param revision the provider's own name for it: a container, an environment, a revision
 * @param since the time when it was made
 */
public record Deployed(
        String environment,
        String deploymentId,
        String version,
        String digest,
        String commit,
        String url,
        String revision,
        Instant since) {

    /** Returns the form in which operations return a deployment and run states keep it. */
    public Map<String, String> toMap() {
        return Map.of(
                "environment", environment,
                "deployment", deploymentId,
                "version", version,
                "digest", digest,
                "commit", commit,
                "url", url,
                "revision", revision,
                "since", since.toString());
    }

    /** Reads what {@link #toMap} wrote; empty when {@code map} holds no deployment. */
    public static Optional<Deployed> fromMap(Map<String, String> map) {
        if (!map.containsKey("deployment")) {
            return Optional.empty();
        }
        return Optional.of(new Deployed(
                map.get("environment"),
                map.get("deployment"),
                map.get("version"),
                map.get("digest"),
                map.get("commit"),
                map.get("url"),
                map.get("revision"),
                Instant.parse(map.get("since"))));
    }
}
