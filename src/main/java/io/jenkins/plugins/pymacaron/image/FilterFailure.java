package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks a commit out, and ends where a filter fails. git itself goes on with the unfiltered file of the repository,
 * unless the filter is set up as required (gitattributes(5), "filter"), and the image would contain that.
 */
final class FilterFailure {
    /** The messages of git's convert.c: the fatal line names file and filter, the other one the command only. */
    private static final Pattern REQUIRED = Pattern.compile("fatal: (.+): smudge filter '?([^' ]+)'? failed");

    private static final Pattern EXTERNAL =
            Pattern.compile("error: (?:cannot fork to run |cannot feed the input to |read from )?external filter '(.+)'"
                    + "(?: failed.*| is not available anymore.*|)");
    private static final Pattern FILTER = Pattern.compile("filter\\.(.+)\\.(?:smudge|process)");
    private static final int LONGEST = 300;

    /**
     * The number of processes by which git writes a hundred files and more (git 2.32; git-config(1), checkout.workers).
     * Two are several times as fast as one for 50,000 files on ext4, even on one core. Links and files with a filter are
     * still written by git alone (git's Documentation/technical/parallel-checkout).
     */
    static final int WORKERS = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    private FilterFailure() {}

    /** Checks out. @param doing for the message, as in "checking out 0a1b2c" */
    static void checkOut(Git git, String doing, String commit) throws IOException, InterruptedException {
        checkOut(git, doing, commit, WORKERS);
    }

    /** Checks out. @param workers the number of processes that write files */
    static void checkOut(Git git, String doing, String commit, int workers) throws IOException, InterruptedException {
        ProcessResult finished =
                git.attempt("-c", "checkout.workers=" + workers, "checkout", "--quiet", "--detach", commit);
        Optional<SourceException> failure = of(git, finished.tail());
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (!finished.ok()) {
            throw GitErrors.of(doing, git.directory(), finished);
        }
    }

    private static Optional<SourceException> of(Git git, String tail) throws IOException, InterruptedException {
        Optional<Matcher> required = first(tail, REQUIRED);
        Optional<Matcher> external = first(tail, EXTERNAL);
        if (required.isEmpty() && external.isEmpty()) {
            return Optional.empty();
        }
        String filter = required.isPresent()
                ? required.get().group(2)
                : nameOf(git, external.get().group(1));
        String subject = required.map(m -> m.group(1) + " has").orElse("a file has");
        String reason = tail.lines()
                .map(String::strip)
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("error"))
                .filter(line -> !line.startsWith("error: ") && !line.startsWith("Errors logged"))
                .findFirst()
                .map(line -> ": " + (line.length() > LONGEST ? line.substring(0, LONGEST) + " …" : line))
                .orElse("");
        return Optional.of(
                new SourceException(subject + " the filter '" + filter + "', which does not work here, so that"
                        + " the image would not have its content" + reason + ". " + GitConversions.advice(filter)));
    }

    /** Returns the filter that this command belongs to. */
    private static String nameOf(Git git, String command) throws IOException, InterruptedException {
        ProcessResult found = git.attempt("config", "-z", "--get-regexp", "^filter\\..*\\.(smudge|process)$");
        for (String entry : found.output().split("\0")) {
            int end = entry.indexOf('\n');
            Matcher name = FILTER.matcher(end < 0 ? "" : entry.substring(0, end));
            if (name.matches() && entry.substring(end + 1).equals(command)) {
                return name.group(1);
            }
        }
        return command;
    }

    private static Optional<Matcher> first(String tail, Pattern pattern) {
        return tail.lines()
                .map(String::strip)
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .findFirst();
    }
}
