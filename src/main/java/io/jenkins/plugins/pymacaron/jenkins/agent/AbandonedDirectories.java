package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.Util;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/** The work of {@link StageDirectories} on an agent. The code under test may have written to the same place. */
final class AbandonedDirectories {
    /** See {@link StageDirectories#create}. The journals are in another directory. */
    private static final Pattern NAME = Pattern.compile("[a-z-]{1,40}-[0-9a-f]{8}-[0-9a-f]{3}");

    private static final int MOST = 1000;

    /** In bytes. */
    private static final int LONGEST = 4000;

    private AbandonedDirectories() {}

    /** Returns the directories of stages, each with the ids of its build; empty if it has none. */
    static final class Find extends MasterToSlaveFileCallable<TreeMap<String, String>> {
        private static final long serialVersionUID = 1L;

        @Override
        public TreeMap<String, String> invoke(File parent, VirtualChannel channel) throws IOException {
            TreeMap<String, String> found = new TreeMap<>();
            if (!parent.isDirectory()) {
                return found;
            }
            try (DirectoryStream<Path> all = Files.newDirectoryStream(parent.toPath())) {
                for (Path path : all) {
                    String name = String.valueOf(path.getFileName());
                    if (found.size() < MOST && isStage(path)) {
                        found.put(name, build(path.resolve(StageFiles.BUILD)));
                    }
                }
            }
            return found;
        }

        private static String build(Path file) throws IOException {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return "";
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
            }
        }
    }

    /** Deletes those of the given directories in which no process runs, and returns their names. */
    static final class Delete extends MasterToSlaveFileCallable<ArrayList<String>> {
        private static final long serialVersionUID = 1L;

        private final ArrayList<String> names;

        Delete(List<String> names) {
            this.names = new ArrayList<>(names);
        }

        @Override
        public ArrayList<String> invoke(File parent, VirtualChannel channel) throws IOException {
            ArrayList<String> deleted = new ArrayList<>();
            List<String> running = argumentsOfAll();
            for (String name : names) {
                Path path = parent.toPath().resolve(name);
                if (isStage(path)
                        && !running.isEmpty()
                        && running.stream().noneMatch(all -> all.contains(path + "/"))) {
                    Util.deleteRecursive(path.toFile());
                    deleted.add(name);
                }
            }
            return deleted;
        }

        /**
         * Returns the arguments of each process, also of those in containers, which have other numbers there; empty if
         * the system does not tell.
         */
        private static List<String> argumentsOfAll() throws IOException {
            List<String> all = new ArrayList<>();
            Path processes = Path.of("/proc");
            if (!Files.isDirectory(processes)) {
                return all;
            }
            try (DirectoryStream<Path> each = Files.newDirectoryStream(processes, "[0-9]*")) {
                for (Path process : each) {
                    try {
                        all.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                    } catch (IOException e) {
                        // It has ended just now.
                        continue;
                    }
                }
            }
            return all;
        }
    }

    private static boolean isStage(Path path) {
        return NAME.matcher(String.valueOf(path.getFileName())).matches()
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }
}
