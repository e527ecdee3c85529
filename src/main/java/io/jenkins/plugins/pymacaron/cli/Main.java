package io.jenkins.plugins.pymacaron.cli;

import picocli.CommandLine;

/** {@code pymdeploy}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new DeployCommand());
        line.setExecutionExceptionHandler((bug, command, parsed) -> {
            command.getErr().println("This is an error of pymdeploy itself; please report it:");
            bug.printStackTrace(command.getErr());
            return ExitCode.BUG.code();
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }
}
