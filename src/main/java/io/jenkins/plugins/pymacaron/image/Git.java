package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs git, so that it never waits for input, runs no hook and no helper that a repository's own configuration names,
 * and uses only protocols that fetch.
 *
 * @param environment variables for this git alone, including its authorization
 */
record Git(Processes processes, Path directory, Map<String, String> environment) {
    private static final Duration TIMEOUT = Duration.ofMinutes(20);
    private static final List<String> HARDENED = List.of(
            "git",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "gc.auto=0",
            "-c",
            "advice.detachedHead=false",
            "-c",
            "submodule.recurse=false");
    private static final Map<String, String> QUIET = Map.of(
            "GIT_TERMINAL_PROMPT", "0",
            "GIT_ASKPASS", "true",
            "SSH_ASKPASS", "true",
            "GIT_OPTIONAL_LOCKS", "0",
            "GIT_LFS_SKIP_PUSH", "1",
            "LC_ALL", "C.UTF-8",
            "LANGUAGE", "");

    /**
     * This variable overrides protocol.file.allow, by which git keeps submodules from naming directories of this
     * machine (git(1), GIT_ALLOW_PROTOCOL; CVE-2022-39253), so {@code file} is in it only where this program names the
     * directory.
     */
    private static final String PROTOCOLS = "GIT_ALLOW_PROTOCOL";

    private static final String FETCHING = "git:http:https:ssh";
    private static final String COUNT = "GIT_CONFIG_COUNT";

    /** These variables point git at another repository than the one of the directory, as within a hook. */
    private static final Set<String> ELSEWHERE =
            Set.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX");

    Git(Processes processes, Path directory) {
        this(processes, directory, Map.of());
    }

    Git {
        environment = Map.copyOf(environment);
    }

    /** Hides the authorization. */
    @Override
    public String toString() {
        return "Git[" + directory + "]";
    }

    Git in(Path other) {
        return new Git(processes, other, environment);
    }

    /** Returns a git that may also fetch from directories of this machine, as the one that it is told to. */
    Git local() {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(PROTOCOLS, "file:" + FETCHING);
        return new Git(processes, directory, more);
    }

    /**
     * Returns a git with configuration that only this git sees, in addition to the given one; it is not in the
     * arguments (git 2.31).
     */
    Git configured(String key, String value) {
        return new Git(processes, directory, configured(System.getenv(), environment, key, value));
    }

    /** Adds a setting. @return {@code ours} with one more setting after all of {@code inherited} */
    static Map<String, String> configured(
            Map<String, String> inherited, Map<String, String> ours, String key, String value) {
        Map<String, String> more = new TreeMap<>(ours);
        String given = ours.getOrDefault(COUNT, inherited.getOrDefault(COUNT, ""));
        int count = given.matches("[0-9]{1,5}") ? Integer.parseInt(given) : 0;
        more.put(COUNT, Integer.toString(count + 1));
        more.put("GIT_CONFIG_KEY_" + count, key);
        more.put("GIT_CONFIG_VALUE_" + count, value);
        return more;
    }

    ProcessResult attempt(String... arguments) throws IOException, InterruptedException {
        return processes.query(command(Arrays.asList(arguments)));
    }

    ProcessResult attempt(Duration within, String... arguments) throws IOException, InterruptedException {
        return processes.query(command(Arrays.asList(arguments)).within(within));
    }

    /** Returns standard output without the end of its last line. */
    String ask(String doing, String... arguments) throws IOException, InterruptedException {
        return ask(doing, Arrays.asList(arguments));
    }

    String ask(String doing, List<String> arguments) throws IOException, InterruptedException {
        return ask(doing, command(arguments));
    }

    /** Runs git. @param input for its standard input */
    String ask(String doing, List<String> arguments, byte[] input) throws IOException, InterruptedException {
        return ask(doing, command(arguments).feeding(input));
    }

    private String ask(String doing, Command command) throws IOException, InterruptedException {
        ProcessResult finished = processes.query(command);
        if (!finished.ok()) {
            throw GitErrors.of(doing, directory, finished);
        }
        return finished.orThrow(doing).output().stripTrailing();
    }

    private Command command(List<String> arguments) {
        List<String> argv = new ArrayList<>(HARDENED);
        argv.addAll(arguments);
        Map<String, String> variables = new TreeMap<>(QUIET);
        if (System.getenv("GIT_SSH_COMMAND") == null && System.getenv("GIT_SSH") == null) {
            variables.put("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
        }
        variables.put(PROTOCOLS, FETCHING);
        variables.putAll(environment);
        return Command.of(argv).in(directory).without(ELSEWHERE).with(variables).within(TIMEOUT);
    }
}
