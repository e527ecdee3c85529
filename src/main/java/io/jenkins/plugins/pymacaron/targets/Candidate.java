package io.jenkins.plugins.pymacaron.targets;

import java.util.Objects;

/**
 * What is to be deployed: an image that exists, under the name of its deployment.
 *
 * @param deploymentId see {@link DeploymentId}
 * @param image what the target is to run: {@code repository@sha256:…}, or an image id where nothing was pushed
 * @param version the version in the image's /pym/VERSION, which GET /version has to answer
 * @param digest the repository digest, or the image id where nothing was pushed
 * @param commit the commit the image was built from, in full
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
