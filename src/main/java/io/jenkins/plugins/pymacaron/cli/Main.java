package io.jenkins.plugins.pymacaron.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import picocli.CommandLine;

/** {@code pymdeploy}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return commandLine(System.getenv(), Path.of("").toAbsolutePath(), started())
                .execute(args);
    }

    /** bin/pymdeploy says when it began, but for the time in which it may have built itself. */
    private static Instant started() {
        Long micros = Long.getLong("pymdeploy.started");
        return micros != null
                ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS)
                : ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    static CommandLine commandLine(Map<String, String> inherited, Path directory, Instant started) {
        CommandLine line = new CommandLine(new DeployCommand(inherited, directory, started));
        line.addSubcommand(new StageCommand(inherited));
        line.setExecutionExceptionHandler((bug, command, parsed) -> {
            command.getErr().println("This is an error of pymdeploy itself; please report it:");
            bug.printStackTrace(command.getErr());
            return ExitCode.BUG.code();
        });
        line.setParameterExceptionHandler((mistake, args) -> {
            PrintWriter err = mistake.getCommandLine().getErr();
            err.println(UsageMistake.words(mistake));
            return ExitCode.USAGE.code();
        });
        return line;
    }
}
