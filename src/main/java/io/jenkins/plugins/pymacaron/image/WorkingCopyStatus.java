package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of a working copy below a directory, by one call of git.
 *
 * @param branch the name of its branch; empty for a detached head
 * @param dirty the files that differ from the commit, at most {@value #MOST}, relative to the root of the repository
 */
record WorkingCopyStatus(Optional<String> branch, List<String> dirty) {
    private static final int MOST = 100;
    private static final String BRANCH = "# branch.head ";
    private static final String DETACHED = "(detached)";

    static WorkingCopyStatus of(Git git) throws IOException, InterruptedException {
        // The user's own settings decide whether paths are relative to the directory (git-status(1),
        // status.relativePaths).
        String status = git.ask(
                "looking for changes",
                "-c",
                "status.relativePaths=false",
                "status",
                "--porcelain=v2",
                "--branch",
                "--no-ahead-behind",
                "--untracked-files=normal",
                "--",
                ".");
        Optional<String> branch = Optional.empty();
        List<String> dirty = new ArrayList<>();
        for (String line : status.split("\n")) {
            if (line.startsWith(BRANCH)) {
                branch = Optional.of(line.substring(BRANCH.length())).filter(name -> !name.equals(DETACHED));
            } else if (!line.startsWith("#") && !line.isEmpty() && dirty.size() < MOST) {
                dirty.add(file(line));
            }
        }
        return new WorkingCopyStatus(branch, List.copyOf(dirty));
    }

    /** Returns the file of an entry: the last of its fields, whose number depends on the kind (git-status(1)). */
    private static String file(String entry) {
        int fields =
                switch (entry.charAt(0)) {
                    case '1' -> 9;
                    case '2' -> 10;
                    case 'u' -> 11;
                    default -> 2;
                };
        String[] all = entry.split(" ", fields);
        return all[all.length - 1].replaceFirst("\t.*", "");
    }
}
