package io.jenkins.plugins.pymacaron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state that a run must know again after a loss of power is on disk with its name: this is checked by the kernel's
 * calls, as strace(1) shows them. fsync(2) says that a directory has to be synced for the name of a file to be there.
 */
@Timeout(20 * 60)
class DurableTest {
    private static final Pattern OPEN = Pattern.compile("openat\\([^,]+, \"([^\"]+)\", ([^)]*)\\) = (\\d+)");
    private static final Pattern RENAME =
            Pattern.compile("rename(?:at2?)?\\(.*\"([^\"]+)\"[^\"]*\"([^\"]+)\".*\\) = 0");
    private static final Pattern MKDIR = Pattern.compile("mkdir(?:at)?\\(.*\"([^\"]+)\".*\\) = 0");
    private static final Pattern SYNC = Pattern.compile("f(?:data)?sync\\((\\d+)\\)\\s*= 0");

    @TempDir
    Path temporary;

    /** Writes down a run's state, in a process of its own and in the named directory. */
    public static void main(String[] arguments) throws Exception {
        PymDirectory pym = PymDirectory.of(Path.of(arguments[0]));
        pym.key();
        Path run = pym.run(pym.freshId());
        RunState state = RunState.begin(run, Map.of());
        state.put("source", Map.of("commit", "c"));
        try (OperationRunner operations = new OperationRunner(run.resolve("operations"), new SilentProgress())) {
            assertThat(operations.hasBegun("live-activate")).isFalse();
        }
        new JournalStore(run.resolve("operations"), Clock.systemUTC()).create("live-activate", "kind", Map.of());
        System.exit(0);
    }

    @Test
    void namesAreOnDiskToo() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "no strace");
        Path trace = temporary.resolve("trace");
        Path home = Files.createDirectories(temporary.resolve("home")).toRealPath();
        Process child = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-s",
                        "4096",
                        "-e",
                        "trace=openat,rename,renameat,renameat2,mkdir,mkdirat,fsync,fdatasync",
                        "-o",
                        trace.toString(),
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xint",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DurableTest.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("said").toFile())
                .start();
        assertThat(child.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assumeTrue(Files.size(trace) > 1000, "strace may not look at processes here");
        assertThat(child.exitValue())
                .as(Files.readString(temporary.resolve("said")))
                .isZero();

        Set<String> open = notSynced(Files.readAllLines(trace), home.toString());

        open.removeIf(path -> path.endsWith(".lock") || path.endsWith(".gitignore") || path.endsWith(".new"));
        assertThat(open).as("names that a loss of power may take").isEmpty();
    }

    /** Files and directories below {@code home} that were made, or renamed, and whose directory was not synced since. */
    private static Set<String> notSynced(List<String> trace, String home) {
        Set<String> open = new TreeSet<>();
        Set<String> there = new TreeSet<>();
        Map<String, String> files = new HashMap<>();
        boolean made = false;
        for (String line : trace) {
            Matcher opened = OPEN.matcher(line);
            Matcher renamed = RENAME.matcher(line);
            Matcher directory = MKDIR.matcher(line);
            Matcher synced = SYNC.matcher(line);
            if (opened.find()) {
                files.put(opened.group(3), opened.group(1));
                // An existing file is opened, even by a call that would create one.
                if (opened.group(2).contains("O_CREAT") && there.add(opened.group(1))) {
                    open.add(opened.group(1));
                }
            } else if (renamed.find()) {
                open.add(renamed.group(2));
                made = true;
            } else if (directory.find()) {
                open.add(directory.group(1));
            } else if (synced.find()) {
                String at = files.getOrDefault(synced.group(1), "");
                open.removeIf(
                        path -> Path.of(path).resolveSibling("").toString().equals(at));
            }
        }
        assertThat(made).as("a state was renamed").isTrue();
        open.removeIf(path -> !path.startsWith(home + "/"));
        return open;
    }
}
