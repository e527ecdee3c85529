package io.jenkins.plugins.pymacaron.image.layers;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandNotFoundException;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Python of this machine that can install packages for a base image. A wheel names the Python, the ABI and the platform
 * that it is for, and pip takes one whose names fit the Python that pip runs with (packaging.python.org, "Platform
 * compatibility tags"). So that Python is of the same minor version without flags of its ABI, for the same processor, and
 * has no newer glibc: a wheel tagged manylinux_2_X needs glibc 2.X or newer (PEP 600).
 *
 * @param program its path, outside of any virtual environment
 * @param version such as 3.11
 */
public record AgentPython(Path program, String version) {
    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    /** The names of one architecture, in images (GOARCH) and in uname(2). */
    private static final Map<String, String> MACHINES = Map.of(
            "amd64", "x86_64", "arm64", "aarch64", "386", "i686", "arm", "armv7l", "ppc64le", "ppc64le", "s390x",
            "s390x");

    private static final String QUESTION = """
            import os, platform, sys
            program = os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable)
            machine = platform.machine()
            if sys.maxsize <= 2 ** 32:
                machine = {'x86_64': 'i686', 'aarch64': 'armv8l'}.get(machine, machine)
            sys.stdout.write('\\npym-python|%d.%d|%s|%s|%s|%s\\n' % (sys.version_info[:2] + (
                sys.implementation.name + getattr(sys, 'abiflags', '').replace('m', ''),
                machine, ' '.join(platform.libc_ver()).strip(), program)))
            """;

    private static final Pattern ANSWER =
            Pattern.compile("(?m)^pym-python\\|([0-9.]+)\\|(\\w+)\\|(\\w+)\\|([\\w. ]*)\\|(/.+)$");

    /** No Python of this machine agrees with the base image. */
    public static final class MismatchException extends IOException {
        private static final long serialVersionUID = 1L;

        MismatchException(String message) {
            super(message);
        }
    }

    /**
     * Finds it: the one that was chosen for the tests if it agrees with the base image, else that of the version on PATH,
     * else {@code python3}.
     *
     * @param platform of the image, such as {@code linux/amd64}
     * @throws MismatchException with one line that names the difference
     */
    public static AgentPython matching(
            Processes processes, Optional<Path> chosen, BaseFacts facts, String baseName, String platform)
            throws IOException, InterruptedException {
        if (!facts.libc().startsWith("glibc ")) {
            throw new MismatchException("the base image " + baseName + " has "
                    + (facts.libc().isEmpty() ? "no C library that is known" : facts.libc())
                    + ", and builder: layers needs glibc");
        }
        List<String> programs = new ArrayList<>();
        chosen.map(path -> path.toAbsolutePath().toString()).ifPresent(programs::add);
        programs.add("python" + facts.python());
        programs.add("python3");
        String other = "no Python";
        for (String program : programs) {
            Optional<Matcher> answer = ask(processes, program);
            if (answer.isEmpty()) {
                continue;
            }
            Matcher found = answer.get();
            Optional<String> difference = difference(found, facts, platform);
            if (difference.isEmpty()) {
                return new AgentPython(Path.of(found.group(5)), found.group(1));
            }
            other = difference.get() + " (" + program + ")";
        }
        throw new MismatchException("the base image " + baseName + " has Python " + facts.python() + " and "
                + facts.libc() + " for " + platform + ", and this machine has " + other);
    }

    private static Optional<Matcher> ask(Processes processes, String program) throws IOException, InterruptedException {
        // A module of the repository, such as platform.py, must not answer.
        try (PrivateDirectory empty = PrivateDirectory.create("pymacaron-python")) {
            ProcessResult answer = processes.query(
                    Command.of(program, "-I", "-c", QUESTION).in(empty.path()).within(ASK_WITHIN));
            Matcher found = ANSWER.matcher(answer.output());
            return answer.ok() && found.find() ? Optional.of(found) : Optional.empty();
        } catch (CommandNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> difference(Matcher python, BaseFacts facts, String platform) {
        String[] parts = platform.split("/");
        String machine = MACHINES.getOrDefault(parts[1], parts[1]);
        if (!python.group(1).equals(facts.python()) || !python.group(2).equals("cpython")) {
            return Optional.of(
                    (python.group(2).equals("cpython") ? "Python " : python.group(2) + " ") + python.group(1));
        }
        if (!python.group(3).equals(machine) || !parts[0].equals("linux")) {
            return Optional.of("a Python for " + python.group(3));
        }
        String libc = python.group(4);
        if (!libc.startsWith("glibc ")
                || compare(libc.substring(6), facts.libc().substring(6)) > 0) {
            return Optional.of("a Python with " + (libc.isEmpty() ? "another C library" : libc));
        }
        return Optional.empty();
    }

    private static int compare(String one, String other) {
        String[] ones = one.split("\\.");
        String[] others = other.split("\\.");
        int first = Integer.compare(Integer.parseInt(ones[0]), Integer.parseInt(others[0]));
        return first != 0 ? first : Integer.compare(Integer.parseInt(ones[1]), Integer.parseInt(others[1]));
    }
}
