package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.FilePath;
import io.jenkins.plugins.pymacaron.jenkins.agent.ShellWords;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageCommand;
import java.util.List;

/**
 * The shell around the engine. It waits until the controller has saved that there is this process: a controller that
 * dies before will start another one, and the two must not both deploy. It ends with 0: whether there is a result is to
 * be seen from the output, also from that of an engine that was told to stop.
 */
final class StageScript {
    private static final String NOT_STARTED = "NOT_STARTED";

    /** Waits for about two minutes. A wait for the engine is cut short by the signal that Jenkins sends to all. */
    private static final String TEXT = """
            #!/bin/sh
            n=0
            while [ ! -e %1$s/go ]; do
              n=$((n+1))
              if [ $n -gt 600 ]; then
                echo '{"schema":1,"outcome":"%2$s"}'
                exit 0
              fi
              sleep 0.2 2>/dev/null || sleep 1
            done
            for java in %3$s "$(command -v java)"; do
              if [ -x "$java" ]; then
                trap : TERM
                "$java" %4$s &
                engine=$!
                echo $engine > %1$s/pid
                wait $engine
                while kill -0 $engine 2>/dev/null; do
                  wait $engine
                done
                exit 0
              fi
            done
            %5$s
            """;

    private static final String NO_JAVA = """
            echo '{"schema":1,"outcome":"CONFIG_INVALID","message":"%s"}'
            """;

    private StageScript() {}

    @SuppressFBWarnings(value = "VA_FORMAT_STRING_USES_NEWLINE", justification = "It is a shell that reads it")
    static String of(StageCommand command) {
        return TEXT.formatted(
                ShellWords.quote(command.getDirectory().getRemote()),
                NOT_STARTED,
                ShellWords.quote(command.getJava()),
                ShellWords.quote(command.getArguments()),
                command.getWithoutJava().isEmpty()
                        ? NO_JAVA.formatted(Messages.StageScript_noJava())
                        : command.getWithoutJava());
    }

    /** Whether this is the output of a process that was never told to begin. */
    static boolean gaveUp(String stdout) {
        return stdout.contains("\"outcome\":\"" + NOT_STARTED + "\"");
    }

    static FilePath go(FilePath directory) {
        return directory.child("go");
    }

    /** What makes the process undo what it has begun, and end. */
    static List<String> stop(FilePath directory) {
        return List.of(
                "sh",
                "-c",
                "kill -TERM \"$(cat \"$1\")\"",
                "sh",
                directory.child("pid").getRemote());
    }
}
