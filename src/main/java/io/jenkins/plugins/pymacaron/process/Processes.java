package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts programs; no other class does. Each program gets a session of its own, so that it has no terminal to ask
 * questions on, and can be ended with everything that it has started.
 */
public final class Processes {
    /** The most characters of {@link ProcessResult#output}. */
    public static final int OUTPUT_LIMIT = 16 << 20;

    private static final Optional<Path> SETSID = Files.isDirectory(Path.of("/proc/self"))
            ? Programs.find("setsid").or(() -> Programs.find("/usr/bin/setsid"))
            : Optional.empty();

    private final SecretMask mask;
    private final Consumer<String> log;
    /** Names of variables that no program gets, not even by its command. */
    private final Set<String> withheld;

    /**
     * Makes the starter.
     *
     * @param mask hides secrets in everything that reaches {@code log} or {@link ProcessResult#tail}
     * @param log gets each line as it comes; called from several threads, one at a time
     */
    public Processes(SecretMask mask, Consumer<String> log) {
        this(mask, oneAtATime(log), Set.of());
    }

    private static Consumer<String> oneAtATime(Consumer<String> log) {
        return line -> {
            synchronized (log) {
                log.accept(line);
            }
        };
    }

    private Processes(SecretMask mask, Consumer<String> log, Set<String> withheld) {
        this.mask = mask;
        this.log = log;
        this.withheld = withheld;
    }

    /**
     * Returns a starter for programs that are, or read, code of the repository.
     *
     * @param names of variables that they do not get, not even where a command gives them, in addition to those of
     *     {@link PipelineCredentials#isOwn}, which no program gets
     */
    public Processes withholding(Set<String> names) {
        return new Processes(mask, log, Set.copyOf(names));
    }

    /** Returns the same starter with another log. */
    public Processes saying(Consumer<String> lines) {
        return new Processes(mask, oneAtATime(lines), withheld);
    }

    public SecretMask mask() {
        return mask;
    }

    /** Writes a line to the log of the programs' lines, masked as they are. */
    public void say(String line) {
        log.accept(mask.mask(LogLines.tame(line)));
    }

    /** Runs a program to its end, each line to the log. */
    public ProcessResult run(Command command) throws IOException, InterruptedException {
        return run(command, log);
    }

    /** Runs a program to its end without a line in the log: for output that is data. */
    public ProcessResult query(Command command) throws IOException, InterruptedException {
        return run(command, line -> {});
    }

    /**
     * Runs a program to its end, each line, masked, to {@code lines}; from two threads, one for output and one for
     * errors.
     */
    public ProcessResult run(Command command, Consumer<String> lines) throws IOException, InterruptedException {
        try (ExternalWaitTime.Wait wait = ExternalWaitTime.begin();
                RunningProcess running = start(command, lines)) {
            return running.await();
        }
    }

    /** Starts a program and returns; each line goes to the log. */
    public RunningProcess start(Command command) throws IOException {
        return start(command, log);
    }

    /** Starts a program and returns. @throws CommandNotFoundException if there is no such program */
    public RunningProcess start(Command command, Consumer<String> lines) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        Map<String, String> environment = builder.environment();
        command.withheld().forEach(environment::remove);
        // Jenkins kills every process that has it. This program ends its own, and those of an undo must go on.
        environment.remove("JENKINS_SERVER_COOKIE");
        environment.keySet().removeIf(name -> PipelineCredentials.isOwn(name) || withheld.contains(name));
        for (Map.Entry<String, String> variable : command.environment().entrySet()) {
            if (PipelineCredentials.isOwn(variable.getKey()) || withheld.contains(variable.getKey())) {
                throw new IOException(command.program() + " is not started: " + variable.getKey()
                        + " is a credential of the pipeline's own, which no other program gets."
                        + " Take it out of env_secrets.");
            }
            environment.put(variable.getKey(), variable.getValue());
        }
        LoopbackProxies.spare(environment, command.environment().keySet(), command.direct());
        Path directory = command.directory().orElse(Path.of("")).toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            throw new IOException(command.program() + " cannot run in " + directory + ": there is no such directory");
        }
        builder.directory(directory.toFile());
        builder.command(argv(command, environment, directory));
        if (command.input().isEmpty()) {
            builder.redirectInput(ProcessBuilder.Redirect.from(nothing().toFile()));
        }
        return Shutdown.start(() -> new RunningProcess(command, builder.start(), SETSID.isPresent(), mask, lines));
    }

    private static List<String> argv(Command command, Map<String, String> environment, Path directory)
            throws CommandNotFoundException {
        String name = command.argv().get(0);
        Path program = Programs.find(name, environment, directory)
                .orElseThrow(() -> new CommandNotFoundException(
                        name.indexOf('/') >= 0
                                ? "there is no program " + name + ". Correct its path or install it."
                                : name + " was not found on PATH. Install it or correct PATH."));
        List<String> argv = new ArrayList<>();
        SETSID.ifPresent(setsid -> argv.add(setsid.toString()));
        argv.add(program.toString());
        argv.addAll(command.argv().subList(1, command.argv().size()));
        return argv;
    }

    private static Path nothing() {
        return Path.of(Files.exists(Path.of("/dev/null")) ? "/dev/null" : "NUL");
    }
}
