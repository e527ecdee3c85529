package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.process.HttpClientThreads;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import picocli.CommandLine;

/** The entry point of {@code pymdeploy}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        if (code == 0) {
            noteThatItEndedWell();
        }
        HttpClientThreads.end();
        System.exit(code);
    }

    /**
     * Leaves a note for bin/pymdeploy, which then uses the classes that this run has loaded as a model for later runs.
     * This run is not affected.
     */
    private static void noteThatItEndedWell() {
        String file = System.getProperty("pymdeploy.well");
        if (file != null) {
            try {
                Files.createFile(Path.of(file));
            } catch (IOException e) {
                // The next run tries again.
            }
        }
    }

    static int run(String... args) {
        return commandLine(System.getenv(), Path.of("").toAbsolutePath(), started())
                .execute(args);
    }

    /** Returns the start time. bin/pymdeploy passes it, without the time in which it may have built itself. */
    private static Instant started() {
        Long micros = Long.getLong("pymdeploy.started");
        return micros != null
                ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS)
                : ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    static CommandLine commandLine(Map<String, String> inherited, Path directory, Instant started) {
        CommandLine line = new CommandLine(new DeployCommand(inherited, directory, started));
        line.addSubcommand(new StageCommand(inherited));
        line.addSubcommand(new InitCommand(directory));
        line.setExecutionExceptionHandler((bug, command, parsed) -> {
            // The messages of exceptions may quote a program or a cloud.
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace, true));
            MaskingCommand masking = command.getCommand();
            command.getErr().println("This is an error of pymdeploy itself; please report it:");
            command.getErr().print(masking.masked(trace.toString()));
            command.getErr().flush();
            return ExitCode.BUG.code();
        });
        line.setParameterExceptionHandler((mistake, args) -> {
            PrintWriter err = mistake.getCommandLine().getErr();
            err.println(new SecretMask(PipelineCredentials.secretsIn(inherited).toList())
                    .mask(UsageMistake.words(mistake)));
            return ExitCode.USAGE.code();
        });
        return line;
    }
}
