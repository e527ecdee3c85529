package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A vendor's own command, which judges the server that stands for the vendor's; tests are skipped where there is none. */
public final class VendorCommand {
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final Processes processes = new Processes(SecretMask.NONE, line -> {});
    private final Path program;
    private final Map<String, String> variables;

    private VendorCommand(Path program, Map<String, String> variables) {
        this.program = program;
        this.variables = variables;
    }

    /** @param home where it may keep its settings, so that those of this machine do not count */
    public static VendorCommand of(String name, Path home, Map<String, String> variables) {
        List<Path> found = Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .toList();
        Assumptions.assumeFalse(found.isEmpty(), "there is no " + name);
        Map<String, String> all = new java.util.HashMap<>(variables);
        all.put("HOME", home.toString());
        return new VendorCommand(found.get(0), all);
    }

    /** Returns its path, if it is installed. */
    public Path program() throws IOException {
        return program.toRealPath();
    }

    /** Standard output, and at its end what was said on standard error. */
    public record Ran(int code, String output, String all) {}

    public Ran run(String... arguments) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(List.of(arguments));
        ProcessResult finished =
                processes.query(Command.of(argv).with(variables).within(LIMIT));
        return new Ran(finished.exitCode(), finished.output(), finished.output() + finished.tail());
    }
}
