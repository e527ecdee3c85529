package io.jenkins.plugins.pymacaron.docker;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;

/** Finds the reason of a step of a build that failed outside of a container, with the same words as inside. */
public final class InstallErrors {
    private InstallErrors() {}

    /** Returns the exception, one line. */
    public static IOException of(String doing, ProcessResult finished) {
        return DockerErrors.of(doing, finished);
    }
}
