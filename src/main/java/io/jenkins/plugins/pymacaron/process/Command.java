package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A program to run: always a list of arguments, never a line for a shell, so that no value can become syntax. Secrets
 * go into {@code environment} or {@code input}, never into {@code argv}, which every user of the machine can read.
 *
 * @param argv the program, by name or by path, and its arguments
 * @param directory in which it runs; that of this process if empty
 * @param environment variables added to those of this process
 * @param withheld names of variables of this process that it does not get
 * @param input the content of its standard input; empty if absent
 * @param timeout how long it may run before it is ended
 * @param direct hosts that it asks without a proxy, in addition to those of loopback
 */
public record Command(
        List<String> argv,
        Optional<Path> directory,
        Map<String, String> environment,
        Set<String> withheld,
        Optional<Input> input,
        Duration timeout,
        Set<String> direct) {

    /** Long enough for a big image on a slow line; {@link #within} sets a better value. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

    /** Writes a standard input of any size. It is called once, in a thread of its own. */
    @FunctionalInterface
    public interface Input {
        void writeTo(OutputStream out) throws IOException;
    }

    public Command {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        if (argv.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("an argument of " + argv.get(0) + " holds a NUL character");
        }
        environment = Map.copyOf(environment);
        withheld = Set.copyOf(withheld);
        direct = Set.copyOf(direct);
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public static Command of(List<String> argv) {
        return new Command(argv, Optional.empty(), Map.of(), Set.of(), Optional.empty(), DEFAULT_TIMEOUT, Set.of());
    }

    public Command in(Path where) {
        return new Command(argv, Optional.of(where), environment, withheld, input, timeout, direct);
    }

    /** Returns the command with these arguments after its own. */
    public Command and(List<String> more) {
        List<String> all = new ArrayList<>(argv);
        all.addAll(more);
        return new Command(all, directory, environment, withheld, input, timeout, direct);
    }

    public Command with(Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        return new Command(argv, directory, all, withheld, input, timeout, direct);
    }

    public Command with(String name, String value) {
        return with(Map.of(name, value));
    }

    public Command without(Set<String> names) {
        Set<String> all = new TreeSet<>(withheld);
        all.addAll(names);
        return new Command(argv, directory, environment, all, input, timeout, direct);
    }

    public Command feeding(byte[] bytes) {
        byte[] kept = bytes.clone();
        return feeding(out -> out.write(kept));
    }

    public Command feeding(Input source) {
        return new Command(argv, directory, environment, withheld, Optional.of(source), timeout, direct);
    }

    public Command within(Duration limit) {
        return new Command(argv, directory, environment, withheld, input, limit, direct);
    }

    public Command asking(Set<String> hosts) {
        return new Command(argv, directory, environment, withheld, input, timeout, hosts);
    }

    /** Returns the program's own name, for messages. */
    public String program() {
        Path name = Path.of(argv.get(0)).getFileName();
        return name == null ? argv.get(0) : name.toString();
    }

    /** Returns the arguments alone: neither the environment nor the input, which contain the secrets. */
    @Override
    public String toString() {
        return String.join(" ", argv);
    }
}
