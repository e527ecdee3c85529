package io.jenkins.plugins.pymacaron.docker;

import io.jenkins.plugins.pymacaron.process.Command;
import java.time.Duration;
import java.util.List;

/**
 * An image to build.
 *
 * @param tags each {@code repository:tag}
 * @param platform such as {@code linux/amd64}
 * @param dockerfile its path within the context
 * @param context writes the context as a tar
 * @param fresh whether no layer of an earlier build is to be used
 */
public record BuildRequest(
        List<String> tags, String platform, String dockerfile, Command.Input context, boolean fresh, Duration timeout) {
    public BuildRequest {
        tags = List.copyOf(tags);
    }
}
