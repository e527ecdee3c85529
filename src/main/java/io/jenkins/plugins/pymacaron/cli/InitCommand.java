package io.jenkins.plugins.pymacaron.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Writes the files that a service in the current directory needs to be deployed. Asks nothing and overwrites nothing.
 */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Writes pym-config.yaml, a Jenkinsfile and first tests for the Flask or PyMacaron service in the current"
                    + " directory, or a small service where there is none. Overwrites nothing."
        })
final class InitCommand implements Callable<Integer> {
    private final Path directory;

    InitCommand(Path directory) {
        this.directory = directory;
    }

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try {
            ServiceDraft draft = ServiceDraft.of(directory);
            boolean repository = RepositoryLocator.root(directory).isPresent();
            for (Map.Entry<String, String> file : draft.files().entrySet()) {
                Path path = directory.resolve(file.getKey());
                if (Files.exists(path)) {
                    out.println("kept   " + file.getKey() + ", which is there");
                } else {
                    Files.createDirectories(path.resolveSibling(""));
                    Files.writeString(path, file.getValue());
                    out.println("wrote  " + file.getKey());
                }
            }
            draft.advice().forEach(out::println);
            out.println("Next: " + (repository ? "" : "git init; ")
                    + "git add -A; git commit -m 'Prepare the deployment'; pymdeploy" + draft.options());
            return ExitCode.DONE.code();
        } catch (IOException e) {
            command.commandLine()
                    .getErr()
                    .println("pymdeploy init cannot continue: " + e + ". Correct that, and run it again;"
                            + " what is written stays.");
            return ExitCode.PREFLIGHT.code();
        } finally {
            out.flush();
        }
    }
}
