package io.jenkins.plugins.pymacaron.targets;

import java.util.Objects;

/**
 * A version to deploy: an image that exists, under the name of its deployment.
 *
 * @param deploymentId see {@link DeploymentId}
 * @param image the image that the target runs: {@code repository@sha256:…}, or an image id where nothing was pushed
 * @param version the version in the image's /pym/VERSION, which GET /version must return
 * @param digest the repository digest, or the image id where nothing was pushed
 * @param commit the full id of the commit that the image was built from
 */
public record Candidate(String deploymentId, String image, String version, String digest, String commit) {
    public Candidate {
        Objects.requireNonNull(deploymentId);
        Objects.requireNonNull(image);
        Objects.requireNonNull(version);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(commit);
    }
}
