package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.run.StageRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs one stage for Jenkins on an agent: the log goes to standard error, the result to standard output, one line of
 * JSON. Ends with 0 once there is a result, good or not.
 */
@Command(name = "stage", hidden = true, description = "Run one stage, as a specification says.")
final class StageCommand implements Callable<Integer>, MaskingCommand {
    private static final int MAX_BYTES = 16 << 20;

    private final Map<String, String> inherited;
    private StageRun run;

    StageCommand(Map<String, String> inherited) {
        this.inherited = inherited;
    }

    @Spec
    private CommandSpec command;

    @Option(names = "--spec", paramLabel = "FILE", required = true, description = "A StageSpec as JSON.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        PrintWriter log = command.commandLine().getErr();
        StageSpec spec;
        try {
            spec = StageSpec.fromJson(read());
        } catch (IOException e) {
            log.println(file + ": " + e.getMessage());
            return ExitCode.USAGE.code();
        }
        StageResult result;
        try (Console console = new PlainConsole(log);
                Interrupts interrupts = Interrupts.install(Thread.currentThread())) {
            run = new StageRun(inherited, console);
            result = run.run(spec);
            // The JVM may end as soon as the interrupts are no longer held back.
            PrintWriter out = command.commandLine().getOut();
            out.println(result.toJson());
            out.flush();
        }
        return ExitCode.DONE.code();
    }

    @Override
    public String masked(String text) {
        return run == null ? text : run.masked(text);
    }

    private String read() throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("too big");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
