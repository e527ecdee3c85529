package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.process.HttpClientThreads;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
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
        // The parser takes longer to start than all else of a stage's process.
        if (args.length == 3 && args[0].equals(StageCommand.NAME) && args[1].equals(StageCommand.SPEC)) {
            return stage(args[2]);
        }
        return commandLine(System.getenv(), Path.of("").toAbsolutePath(), started())
                .execute(args);
    }

    private static int stage(String spec) {
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        StageCommand stage = new StageCommand(System.getenv());
        try {
            PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
            return stage.run(Path.of(spec), out, err);
        } catch (IOException | RuntimeException e) {
            return report(e, stage, err);
        }
    }

    /** Reports a fault of this program. @param masking since the messages of exceptions may quote a program or a cloud */
    private static int report(Exception bug, MaskingCommand masking, PrintWriter err) {
        StringWriter trace = new StringWriter();
        bug.printStackTrace(new PrintWriter(trace, true));
        err.println("This is an error of pymdeploy itself; please report it:");
        err.print(masking.masked(trace.toString()));
        err.flush();
        return ExitCode.BUG.code();
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
        line.setExecutionExceptionHandler(
                (bug, command, parsed) -> report(bug, command.getCommand(), command.getErr()));
        line.setParameterExceptionHandler((mistake, args) -> {
            PrintWriter err = mistake.getCommandLine().getErr();
            err.println(new SecretMask(PipelineCredentials.secretsIn(inherited).toList())
                    .mask(UsageMistake.words(mistake)));
            return ExitCode.USAGE.code();
        });
        return line;
    }
}
