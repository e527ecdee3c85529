package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import java.util.List;

/**
 * The files in the private directory of a stage on its agent, and the pieces of shell that use it: in each of them
 * {@code $1} is that directory.
 */
public final class StageFiles {
    /** The process id of the core, while it runs. */
    public static final String PID = "pid";

    /** The standard output of the process, with the result as its last line. */
    public static final String RESULT = "result";

    /** The controller touches it repeatedly, as long as its build wants the stage. */
    static final String WANTED = "wanted";

    /** It exists as soon as its build no longer wants it. */
    static final String UNWANTED = "unwanted";

    /** The ids of its build. */
    static final String BUILD = "build";

    static final String SPECIFICATION = "spec.json";

    /** Variables, where a launcher would make arguments of them; see {@link SecretHandover}. */
    static final String VARIABLES = "env";

    /** Reads the variables and removes their file, so that no other process reads it. */
    public static final String READ_VARIABLES =
            "if [ -f \"$1/" + VARIABLES + "\" ]; then . \"$1/" + VARIABLES + "\"; rm -f \"$1/" + VARIABLES + "\"; fi\n";

    /** Signals the process by its number, unless that belongs to another process by now. */
    public static final String TELL_TO_STOP = "p=$(cat \"$1/" + PID + "\") && grep -qF -- \"$1/" + SPECIFICATION
            + "\" \"/proc/$p/cmdline\" && kill -TERM \"$p\"\n";

    private StageFiles() {}

    /** Returns a shell that runs such a piece for a directory. */
    @NonNull
    public static List<String> shell(@NonNull String script, @NonNull FilePath directory) {
        return List.of("sh", "-c", script, "sh", directory.getRemote());
    }
}
