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
@Command(name = StageCommand.NAME, hidden = true, description = "Run one stage, as a specification says.")
final class StageCommand implements Callable<Integer>, MaskingCommand {
    static final String NAME = "stage";
    static final String SPEC = "--spec";
    private static final int MAX_BYTES = 16 << 20;

    private final Map<String, String> inherited;
    private StageRun run;

    StageCommand(Map<String, String> inherited) {
        this.inherited = inherited;
    }

    @Spec
    private CommandSpec command;

    @Option(names = SPEC, paramLabel = "FILE", required = true, description = "A StageSpec as JSON.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        return run(file, command.commandLine().getOut(), command.commandLine().getErr());
    }

    /** Runs the stage. @return the exit code */
    int run(Path file, PrintWriter out, PrintWriter log) throws IOException {
        StageSpec spec;
        try {
            spec = StageSpec.fromJson(read(file));
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
            out.println(result.toJson());
            out.flush();
        }
        return ExitCode.DONE.code();
    }

    @Override
    public String masked(String text) {
        return run == null ? text : run.masked(text);
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("too big");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
