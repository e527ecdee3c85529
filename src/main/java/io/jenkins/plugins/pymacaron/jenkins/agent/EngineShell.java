package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;

/**
 * The shell around the core, as a process that Jenkins waits for: it writes its process id, for a signal, and becomes
 * the core.
 */
public final class EngineShell {
    private static final String START = "echo $$ > \"$1/" + StageFiles.PID + "\"\n" + StageFiles.READ_VARIABLES
            + "directory=$1; shift; exec \"$@\" > \"$directory/" + StageFiles.RESULT + "\"\n";

    private EngineShell() {}

    /** Returns program and arguments. The result goes to its file, the log to standard error. */
    @NonNull
    public static List<String> start(@NonNull StageLauncher command) {
        List<String> argv = new ArrayList<>(StageFiles.shell(START, command.getDirectory()));
        argv.addAll(command.getArgv());
        return argv;
    }

    /**
     * Quotes a text. Launchers expand text that looks like a variable, in arguments and in values, so also a secret
     * with a dollar sign.
     */
    @NonNull
    public static String literal(@NonNull String text) {
        return text.replace("$", "$$");
    }
}
