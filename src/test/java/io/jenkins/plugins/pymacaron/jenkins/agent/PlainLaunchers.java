package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import java.util.List;
import java.util.Map;

/** Makes the commands of stages without a build. */
public final class PlainLaunchers {
    private PlainLaunchers() {}

    /** @param program stands for Java; it has a path */
    public static StageLauncher of(String program, List<String> arguments, FilePath directory) {
        return new StageLauncher(program, arguments, Map.of(), "", "", directory);
    }
}
