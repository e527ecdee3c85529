package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.FilePath;
import io.jenkins.plugins.pymacaron.jenkins.agent.ShellWords;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageFiles;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageLauncher;
import java.util.List;

/**
 * The shell around the core. It waits until the controller has saved that this process exists: a controller that dies
 * before will start another one, and the two must not both deploy. It ends with 0: the output tells whether there is a
 * result, even for a core that was told to stop.
 */
final class StageScript {
    private static final String NOT_STARTED = "NOT_STARTED";

    /** It waits for about two minutes. The signal that Jenkins sends to all processes shortens a wait for the core. */
    private static final String TEXT = """
            #!/bin/sh
            set -- %1$s
            n=0
            while [ ! -e "$1/go" ]; do
              n=$((n+1))
              if [ $n -gt 2400 ]; then
                rm -f "$1/env"
                echo '{"schema":1,"outcome":"%2$s"}' > "$1/result"
                exit 0
              fi
              sleep 0.05 2>/dev/null || sleep 1
            done
            %6$s
            for java in %3$s "$(command -v java)"; do
              if [ -x "$java" ]; then
                trap : TERM
                "$java" %4$s > "$1/result" &
                engine=$!
                echo $engine > "$1/pid"
                wait $engine
                while kill -0 $engine 2>/dev/null; do
                  wait $engine
                done
                rm -f "$1/pid"
                exit 0
              fi
            done
            exec > "$1/result"
            %5$s
            """;

    private static final String NO_JAVA = """
            echo '{"schema":1,"outcome":"CONFIG_INVALID","message":"%s"}'
            """;

    private StageScript() {}

    @SuppressFBWarnings(value = "VA_FORMAT_STRING_USES_NEWLINE", justification = "It is a shell that reads it")
    static String of(StageLauncher command) {
        return TEXT.formatted(
                ShellWords.quote(command.getDirectory().getRemote()),
                NOT_STARTED,
                ShellWords.quote(command.getJava()),
                ShellWords.quote(command.getArguments()),
                command.getWithoutJava().isEmpty()
                        ? NO_JAVA.formatted(Messages.StageScript_noJava())
                        : command.getWithoutJava(),
                StageFiles.READ_VARIABLES);
    }

    /** Returns whether this is the output of a process that was never told to begin. */
    static boolean gaveUp(String stdout) {
        return stdout.contains("\"outcome\":\"" + NOT_STARTED + "\"");
    }

    static FilePath go(FilePath directory) {
        return directory.child("go");
    }

    /** Returns the command that makes the process undo its changes, and end. */
    static List<String> stop(FilePath directory) {
        return StageFiles.shell(StageFiles.TELL_TO_STOP, directory);
    }
}
