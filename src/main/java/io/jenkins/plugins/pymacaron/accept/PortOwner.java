package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names the process that made a resource, as a label of it, so that a later process can tell whether that process is
 * still alive.
 */
final class PortOwner {
    /**
     * The index, among the fields after the program's name in /proc/PID/stat, which begin with the third, of the begin
     * of the process, in ticks since the machine's start: number 22 (proc_pid_stat(5), starttime). The JDK's start
     * instant is the same as time of day, computed with a clock that may have been set since.
     */
    private static final int START_TICKS = 22 - 3;

    private static final String TICKS = "t";
    private static final String UNKNOWN = "0";

    private PortOwner() {}

    /** Returns the name of this process. */
    static String me() {
        return of(ProcessHandle.current().pid());
    }

    /**
     * Returns whether the owner is dead; only a process that would be visible from here, if it lived, can be called
     * dead.
     */
    static boolean isDead(String owner) {
        String[] parts = owner.split(" ", 3);
        if (parts.length != 3 || !parts[2].equals(machine()) || !parts[0].matches("[0-9]{1,10}")) {
            return false;
        }
        long pid = Long.parseLong(parts[0]);
        if (ProcessHandle.of(pid).isEmpty()) {
            return true;
        }
        // A number is used again sooner or later; a number with a start is not. Nothing is known of a start in the form
        // of an earlier version.
        String started = started(pid);
        return !started.equals(UNKNOWN) && parts[1].startsWith(TICKS) && !started.equals(parts[1]);
    }

    /** Returns the name of the running process of that number. */
    static String of(long pid) {
        return pid + " " + started(pid) + " " + machine();
    }

    private static String started(long pid) {
        try {
            return ticks(Files.readString(Path.of("/proc/" + pid + "/stat"))).orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Returns the begin. @param stat a line in which the program's name, in brackets, may contain any character */
    static Optional<String> ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return fields.length > START_TICKS && fields[START_TICKS].matches("[0-9]{1,20}")
                ? Optional.of(TICKS + fields[START_TICKS])
                : Optional.empty();
    }

    /**
     * Returns this run of the machine, and its namespace of process numbers: agents in containers that share an engine
     * have one kernel, but do not see each other's processes.
     */
    private static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (IOException unknown) {
                return "unknown";
            }
        }
    }
}
