package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.nio.file.Path;
import java.util.Locale;

/** Gives the user's next step when git refuses. */
final class GitErrors {
    private static final String CREDENTIALS =
            " failed: the server of the repository wants other credentials. Set up a key"
                    + " or a credential helper for git on this machine";

    private GitErrors() {}

    /** Adds advice for users of pymdeploy, if the server wants other credentials. */
    static SourceException withToken(SourceException refused) {
        return refused.getMessage().endsWith(CREDENTIALS + ".")
                ? new SourceException(
                        refused.getMessage().replaceFirst("\\.$", "; pymdeploy also takes a token, by --x-auth TOKEN."))
                : refused;
    }

    static SourceException of(String doing, Path directory, ProcessResult finished) {
        String tail = finished.tail();
        String low = tail.toLowerCase(Locale.ROOT);
        if (low.contains("dubious ownership")) {
            return new SourceException("git does not trust " + directory
                    + ", which belongs to another user. Run: git config --global --add safe.directory " + directory);
        }
        if (low.contains("not a git repository")) {
            return new SourceException(directory
                    + " is not in a git repository. Only committed files are deployed: run git init, add and commit.");
        }
        if (low.contains("authentication failed")
                || low.contains("could not read username")
                || low.contains("could not read password")
                || low.contains("permission denied (publickey")
                || low.contains("the requested url returned error: 401")
                || low.contains("the requested url returned error: 403")) {
            return new SourceException(doing + CREDENTIALS + ".");
        }
        if (low.contains("remote branch") && low.contains("not found")) {
            return new SourceException(
                    doing + " failed: there is no such branch in the repository of origin. Push it, or name another.");
        }
        return new SourceException(doing + " failed: " + reason(finished));
    }

    /** Returns git's first complaint; the lines after it are hints. */
    private static String reason(ProcessResult finished) {
        return finished.tail()
                .lines()
                .filter(line -> line.startsWith("fatal: ") || line.startsWith("error: "))
                .map(line -> line.substring("fatal: ".length()))
                .findFirst()
                .orElseGet(finished::reason);
    }
}
