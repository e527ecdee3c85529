package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.config.Problem;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when the source cannot be used, or no image can be made of it, for a reason that its owner can remove. One
 * line.
 */
public class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    public SourceException(String message) {
        super(message);
    }

    static SourceException of(List<Problem> problems) {
        return new SourceException(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
}
