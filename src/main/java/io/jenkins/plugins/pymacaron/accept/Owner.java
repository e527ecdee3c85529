package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Who made something, as a label of it: so that the next one can tell whether that process still lives. */
final class Owner {
    private Owner() {}

    /** This process. */
    static String me() {
        return text(ProcessHandle.current());
    }

    /** Only a process that could be seen from here, if it lived, can be said to be dead. */
    static boolean isDead(String owner) {
        String[] parts = owner.split(" ", 3);
        if (parts.length != 3 || !parts[2].equals(machine()) || !parts[0].matches("[0-9]{1,10}")) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[0]));
        // A number is used again sooner or later; a number and a start time are not.
        return process.isEmpty() || !text(process.get()).equals(owner);
    }

    private static String text(ProcessHandle process) {
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return process.pid() + " " + started + " " + machine();
    }

    /**
     * This run of the machine, and the process numbers that are seen: agents in containers that share an engine have one
     * kernel, but do not see each other's processes.
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
