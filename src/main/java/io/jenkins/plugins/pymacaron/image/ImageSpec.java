package io.jenkins.plugins.pymacaron.image;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The specification of an image of a source tree.
 *
 * @param name the service's, {@code name} in pym-config.yaml
 * @param repository without a tag: {@code docker_repo/name} on Docker Hub, {@code registry/docker_repo/name} elsewhere
 * @param base the image that it builds on, {@code docker_base}
 * @param includeLinks see {@link IncludeLinks}
 * @param withAsync whether pymasync is started in the container
 * @param user {@code uid:gid} that the service runs as, unless Dockerfile.extra has a USER of its own
 * @param platform such as {@code linux/amd64}
 * @param force whether to build even if there is such an image already, without any layer of earlier builds
 * @param timeout for the build
 * @param byLayers whether it is made without an engine, {@code builder: layers}
 */
public record ImageSpec(
        String name,
        String repository,
        String base,
        List<String> includeLinks,
        boolean withAsync,
        String user,
        String platform,
        boolean force,
        Duration timeout,
        boolean byLayers) {
    public static final String DEFAULT_BASE = "pymacaron/base:stable";
    public static final String DEFAULT_PLATFORM = "linux/amd64";
    /**
     * A number, so that Kubernetes' runAsNonRoot can tell that it is not root; a high one, so that a host has no such
     * user.
     */
    public static final String DEFAULT_USER = "10001:10001";

    public ImageSpec {
        includeLinks = List.copyOf(includeLinks);
    }

    public static ImageSpec of(String name, String repository, Optional<String> base) {
        return new ImageSpec(
                name,
                repository,
                base.orElse(DEFAULT_BASE),
                List.of(),
                false,
                DEFAULT_USER,
                DEFAULT_PLATFORM,
                false,
                Duration.ofMinutes(30),
                false);
    }

    public ImageSpec including(List<String> links) {
        return new ImageSpec(name, repository, base, links, withAsync, user, platform, force, timeout, byLayers);
    }

    public ImageSpec async(boolean with) {
        return new ImageSpec(name, repository, base, includeLinks, with, user, platform, force, timeout, byLayers);
    }

    public ImageSpec forced(boolean always) {
        return new ImageSpec(
                name, repository, base, includeLinks, withAsync, user, platform, always, timeout, byLayers);
    }

    public ImageSpec on(String newPlatform) {
        return new ImageSpec(
                name, repository, base, includeLinks, withAsync, user, newPlatform, force, timeout, byLayers);
    }

    public ImageSpec as(String newUser) {
        return new ImageSpec(
                name, repository, base, includeLinks, withAsync, newUser, platform, force, timeout, byLayers);
    }

    public ImageSpec within(Duration limit) {
        return new ImageSpec(name, repository, base, includeLinks, withAsync, user, platform, force, limit, byLayers);
    }

    public ImageSpec byLayers(boolean layers) {
        return new ImageSpec(name, repository, base, includeLinks, withAsync, user, platform, force, timeout, layers);
    }
}
