package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayDeque;
import java.util.Deque;

/** Normalizes paths of services in a workspace, so that each has one form. */
final class ServiceDirectories {
    private ServiceDirectories() {}

    /**
     * Returns the normal form.
     *
     * @throws IllegalArgumentException with one line, when the path leads out of the workspace
     */
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
