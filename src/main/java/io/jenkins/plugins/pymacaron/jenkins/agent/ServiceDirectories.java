package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayDeque;
import java.util.Deque;

/** Paths of services in a workspace, each in one way of writing it. */
final class ServiceDirectories {
    private ServiceDirectories() {}

    /** @throws IllegalArgumentException with one line, when the path leads out of the workspace */
    static String normal(@CheckForNull String path) {
        String given = path == null ? "" : path.trim().replace('\\', '/');
        if (given.startsWith("/") || given.matches("[A-Za-z]:.*")) {
            throw new IllegalArgumentException(Messages.ServiceDirectories_absolute(given));
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : given.split("/")) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    throw new IllegalArgumentException(Messages.ServiceDirectories_outside(given));
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? "." : String.join("/", parts);
    }
}
