package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * All processes that a command has started: its descendants, and on Linux also the members of its session whose parents
 * have ended and which are therefore no descendants any more. For that, commands get a session of their own by
 * {@code setsid}, where it exists; the system's number of a session is the process id of its first member.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");

    private final ProcessHandle root;
    private final boolean ownSession;

    /** Makes the tree. @param ownSession whether {@code root} leads a session */
    ProcessTree(ProcessHandle root, boolean ownSession) {
        this.root = root;
        this.ownSession = ownSession;
    }

    /** Returns the processes that live now. */
    Set<ProcessHandle> members() {
        Set<ProcessHandle> all = new HashSet<>();
        if (root.isAlive()) {
            all.add(root);
            root.descendants().forEach(all::add);
        }
        if (ownSession) {
            addSession(all);
        }
        all.removeIf(member -> !member.isAlive());
        return all;
    }

    void terminate() {
        members().forEach(ProcessHandle::destroy);
    }

    void kill() {
        // This runs twice, for processes that were started between the look and the kill.
        Set<ProcessHandle> found = members();
        if (!found.isEmpty()) {
            found.forEach(ProcessHandle::destroyForcibly);
            members().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void addSession(Set<ProcessHandle> all) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                if (session(entry) == root.pid()) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .ifPresent(member -> {
                                all.add(member);
                                member.descendants().forEach(all::add);
                            });
                }
            }
        } catch (IOException e) {
            // Without /proc, only descendants are known.
        }
    }

    /**
     * Returns the sixth field of /proc/PID/stat (proc(5)); the second one, the name, may contain spaces and brackets.
     */
    private static long session(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[0].equals("Z") ? -1 : Long.parseLong(fields[3]);
        } catch (IOException | RuntimeException e) {
            return -1; // It has just ended.
        }
    }
}
