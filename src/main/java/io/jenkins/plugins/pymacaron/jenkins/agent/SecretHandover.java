package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.FilePath;
import hudson.Launcher;
import java.io.IOException;
import java.util.Map;

/**
 * Hands secrets to the environment of a process. A launcher that goes through another program makes arguments of the
 * variables, which every user of the machine may read: {@code docker exec --env NAME=VALUE}, as the decorator of
 * docker-workflow's WithContainerStep does. Behind such a launcher, secrets go by a file that only the agent's user can
 * read, and that the process removes before it does anything else.
 */
final class SecretHandover {
    private SecretHandover() {}

    /** Returns whether the variables of a process are given to that process alone. */
    static boolean isDirect(Launcher launcher) {
        return launcher instanceof Launcher.LocalLauncher || launcher instanceof Launcher.RemoteLauncher;
    }

    /** Writes the file. @param directory private, of the stage */
    static void write(Map<String, String> variables, FilePath directory) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        variables.forEach((name, value) -> script.append("export ")
                .append(name)
                .append('=')
                .append(ShellWords.quote(value))
                .append('\n'));
        FilePath file = directory.child(StageFiles.VARIABLES);
        file.touch(System.currentTimeMillis());
        file.chmod(0600);
        file.write(script.toString(), "UTF-8");
    }
}
