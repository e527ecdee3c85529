package io.jenkins.plugins.pymacaron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what a loss of power may take of the files that a program writes, by the kernel's calls as strace(1) shows
 * them. fsync(2) says that a directory has to be synced for the name of a file to be there, and the file for its content.
 */
public final class PowerLoss {
    private static final Pattern OPEN = Pattern.compile("openat\\([^,]+, \"([^\"]+)\", ([^)]*)\\) = (\\d+)");
    private static final Pattern NAME =
            Pattern.compile("(?:rename|link)(?:at2?)?\\(.*\"([^\"]+)\"[^\"]*\"([^\"]+)\".*\\) = 0");
    private static final Pattern MKDIR = Pattern.compile("mkdir(?:at)?\\(.*\"([^\"]+)\".*\\) = 0");
    private static final Pattern SYNC = Pattern.compile("f(?:data)?sync\\((\\d+)\\)\\s*= 0");
    private static final Pattern UNFINISHED = Pattern.compile("(\\d+) +(.*) <unfinished \\.\\.\\.>");
    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");

    private PowerLoss() {}

    /**
     * Runs a program in a process of its own.
     *
     * @param program is given the directory {@code home} below {@code temporary}, in which it writes
     * @return the names below it that may be lost, and those whose content may be
     */
    public static Set<String> of(Class<?> program, Path temporary) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "no strace");
        Path trace = temporary.resolve("trace");
        Path home = Files.createDirectories(temporary.resolve("home")).toRealPath();
        Process child = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-s",
                        "4096",
                        "-e",
                        "trace=openat,rename,renameat,renameat2,link,linkat,mkdir,mkdirat,fsync,fdatasync",
                        "-o",
                        trace.toString(),
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xint",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("said").toFile())
                .start();
        assertThat(child.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assumeTrue(Files.size(trace) > 1000, "strace may not look at processes here");
        assertThat(child.exitValue())
                .as(Files.readString(temporary.resolve("said")))
                .isZero();
        return lost(Files.readAllLines(trace), home.toString());
    }

    /** Returns the calls in one line each, also those that began before a call of another thread and ended after it. */
    private static List<String> joined(List<String> trace) {
        List<String> calls = new ArrayList<>();
        Map<String, String> begun = new HashMap<>();
        for (String line : trace) {
            Matcher unfinished = UNFINISHED.matcher(line);
            Matcher resumed = RESUMED.matcher(line);
            if (unfinished.matches()) {
                begun.put(unfinished.group(1), unfinished.group(2));
            } else if (resumed.matches()) {
                calls.add(begun.getOrDefault(resumed.group(1), "") + resumed.group(2));
            } else {
                calls.add(line);
            }
        }
        return calls;
    }

    /**
     * Returns the files and directories below {@code home} that were made, or got their name, and whose directory was
     * not synced since; also the files that got their name before they were synced.
     */
    private static Set<String> lost(List<String> trace, String home) {
        Set<String> open = new TreeSet<>();
        Set<String> contents = new TreeSet<>();
        Set<String> there = new TreeSet<>();
        Set<String> whole = new TreeSet<>();
        Map<String, String> files = new HashMap<>();
        for (String line : joined(trace)) {
            Matcher opened = OPEN.matcher(line);
            Matcher named = NAME.matcher(line);
            Matcher directory = MKDIR.matcher(line);
            Matcher synced = SYNC.matcher(line);
            if (opened.find()) {
                files.put(opened.group(3), opened.group(1));
                if (opened.group(2).matches(".*O_(WRONLY|RDWR).*")) {
                    whole.remove(opened.group(1));
                }
                // An existing file is opened, even by a call that would create one.
                if (opened.group(2).contains("O_CREAT") && there.add(opened.group(1))) {
                    open.add(opened.group(1));
                }
            } else if (named.find()) {
                open.add(named.group(2));
                if (!whole.contains(named.group(1))) {
                    contents.add("the content of " + named.group(2));
                }
            } else if (directory.find()) {
                open.add(directory.group(1));
            } else if (synced.find()) {
                String at = files.getOrDefault(synced.group(1), "");
                whole.add(at);
                open.removeIf(
                        path -> Path.of(path).resolveSibling("").toString().equals(at));
            }
        }
        assertThat(there).as("files were written").anyMatch(path -> path.startsWith(home + "/"));
        open.addAll(contents);
        open.removeIf(path -> !path.contains(home + "/"));
        return open;
    }
}
