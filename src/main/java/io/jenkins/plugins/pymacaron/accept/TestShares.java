package io.jenkins.plugins.pymacaron.accept;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Assigns each file of tests to exactly one of several processes. Files that are not listed, such as one that is created
 * while the tests run, belong to the first process.
 *
 * @param paths as they were asked for, directories and files
 * @param files the process of each file, by its path without links
 * @param count the number of processes
 */
record TestShares(List<Path> paths, Map<String, Integer> files, int count) {
    private static final String FILE = "share.json";
    /** A limit far beyond any project; further files belong to the first process. */
    private static final int MOST_FILES = 50_000;
    /** The names that both runners take, so that helper files between them do not make the shares uneven. */
    private static final Pattern TESTS = Pattern.compile("test.*\\.py|.*_test\\.py");

    private static final Pattern NO_TESTS = Pattern.compile("__init__\\.py|conftest\\.py|(?!.*\\.py$).*");

    /** @param most processes */
    static TestShares of(List<Path> paths, int most) throws IOException {
        SortedSet<String> tests = new TreeSet<>();
        SortedSet<String> others = new TreeSet<>();
        int python = 0;
        for (String file : most == 1 ? new TreeSet<String>() : found(paths)) {
            String name = file.substring(file.lastIndexOf('/') + 1);
            (TESTS.matcher(name).matches() ? tests : others).add(file);
            python += NO_TESTS.matcher(name).matches() ? 0 : 1;
        }
        int count = Math.max(1, Math.min(most, python));
        Map<String, Integer> shares = new TreeMap<>();
        deal(tests, count, shares);
        deal(others, count, shares);
        return new TestShares(List.copyOf(paths), shares, count);
    }

    private static void deal(SortedSet<String> files, int count, Map<String, Integer> shares) {
        int next = 0;
        for (String file : files) {
            shares.put(file, next++ % count);
        }
    }

    private static SortedSet<String> found(List<Path> paths) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        for (Path path : paths) {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (Files.isRegularFile(file)) {
                        found.add(file.toRealPath().toString());
                    }
                    return found.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // The runner reports it.
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return found;
    }

    /** Returns the paths for the command line of a process: all directories, and its own files. */
    List<Path> pathsOf(int process) {
        return paths.stream()
                .filter(path -> Files.isDirectory(path) || owner(path) == process)
                .toList();
    }

    private int owner(Path file) {
        try {
            return files.getOrDefault(file.toRealPath().toString(), 0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Writes the share of a process to the file that its runner reads, beside the script of the plugin. */
    void write(int process, Path directory) throws IOException {
        new ObjectMapper().writeValue(directory.resolve(FILE).toFile(), Map.of("mine", process, "files", files));
    }
}
