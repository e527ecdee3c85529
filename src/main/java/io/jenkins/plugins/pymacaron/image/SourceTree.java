package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.process.CheckoutPaths;
import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A private checkout of exactly one commit, submodules included. It is what is tested and what goes into the image, and
 * contains no uncommitted change. It is removed when this is closed.
 */
public final class SourceTree implements AutoCloseable {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyMMdd-HHmm", Locale.ROOT);

    /**
     * Selects a pushed commit.
     *
     * @param branch empty for the current one
     * @param commit empty for the branch's newest
     * @param token for an http(s) repository, as the password of the user x-token-auth
     */
    public record Pushed(Optional<String> branch, Optional<String> commit, Optional<String> token) {
        @Override
        public String toString() {
            return "Pushed[" + branch + ", " + commit + "]";
        }
    }

    private final PrivateDirectory home;
    private final Checkout checkout;
    private final boolean shallow;
    private final LinkedRepositories neighbours = new LinkedRepositories(this);
    private final Map<String, Path> archived = new LinkedHashMap<>();
    private Optional<List<Problem>> problems = Optional.empty();
    private boolean namesChecked;

    private SourceTree(PrivateDirectory home, Checkout checkout) {
        this.home = home;
        this.checkout = checkout;
        // gitrepository-layout(5): the commits whose parents this clone does not have.
        this.shallow = Files.exists(checkout.root().resolve(".git/shallow"));
    }

    /**
     * Checks out the newest commit of the working copy, pushed or not.
     *
     * @param service the directory of pym-config.yaml, anywhere in a repository
     * @throws SourceException with one line, if there is no such commit
     */
    public static SourceTree ofWorkingCopy(Processes processes, Path service) throws IOException, InterruptedException {
        return open(home -> Checkout.ofWorkingCopy(processes, service, home));
    }

    /** Checks out a commit of the repository of origin, independent of the working copy. */
    public static SourceTree ofPushed(Processes processes, Path service, Pushed which)
            throws IOException, InterruptedException {
        return open(home -> Checkout.ofPushed(processes, service, which, home));
    }

    private interface Maker {
        Checkout into(Path home) throws IOException, InterruptedException;
    }

    private static SourceTree open(Maker maker) throws IOException, InterruptedException {
        PrivateDirectory home = PrivateDirectory.create(CheckoutPaths.HOME);
        try {
            SourceTree tree = new SourceTree(home, maker.into(home.path()));
            if (!Files.isDirectory(tree.directory())) {
                throw new SourceException("the directory " + tree.checkout.prefix() + " is not in the commit "
                        + tree.sha6() + ". Commit it.");
            }
            GeneratedCode.outdate(tree.directory());
            return tree;
        } catch (IOException | InterruptedException | RuntimeException e) {
            home.close();
            throw e;
        }
    }

    /** Returns git in the checkout, with the authorization for origin that the user gave. */
    Git git() {
        return checkout.git();
    }

    /** Returns the service's directory in the checkout. */
    public Path directory() {
        return checkout.root().resolve(checkout.prefix());
    }

    /** Returns the service's directory that the user works in. */
    public Path workingDirectory() {
        return checkout.service();
    }

    /** Returns the full id of the commit. */
    public String commit() {
        return checkout.commit();
    }

    /** Returns the name of the author of the commit. */
    public String author() {
        return checkout.facts().author();
    }

    /** Returns the hash by which git knows all files of the commit, the same in all commits with equal files. */
    public String tree() {
        return checkout.facts().tree();
    }

    public String sha6() {
        return commit().substring(0, 6);
    }

    /** Returns the number of commits up to this one, this included; too few in a shallow clone. */
    public int count() {
        return checkout.facts().count();
    }

    public boolean shallow() {
        return shallow;
    }

    /** Returns the branch that it was taken from; empty for a detached head. */
    public Optional<String> branch() {
        return checkout.branch();
    }

    /** Returns the URL of the repository, without credentials; empty without an origin. */
    public Optional<String> url() {
        return checkout.url();
    }

    /**
     * Returns files below the service's directory that differ from the commit, as git status names them, at most 100.
     */
    public List<String> dirty() {
        return checkout.dirty();
    }

    /** Returns {@code YYMMDD-HHMM-<count>-<sha6>} in the clock's zone. */
    public String version(Clock clock) {
        return ZonedDateTime.now(clock).format(MINUTE) + "-" + count() + "-" + sha6();
    }

    Processes processes() {
        return checkout.git().processes();
    }

    /** Returns the root of the repository's checkout. */
    Path root() {
        return checkout.root();
    }

    /** Returns the repositories that the service's links lead to. */
    LinkedRepositories neighbours() {
        return neighbours;
    }

    /** Returns the archives of the commit, which do not change: tars, by their paths. */
    Map<String, Path> archived() {
        return archived;
    }

    /** Finds problems. */
    @FunctionalInterface
    interface Check {
        List<Problem> run() throws IOException, InterruptedException;
    }

    /** Returns the problems of the commit, which does not change, so the check runs once. */
    synchronized List<Problem> problems(Check check) throws IOException, InterruptedException {
        if (problems.isEmpty()) {
            problems = Optional.of(List.copyOf(check.run()));
        }
        return problems.get();
    }

    /** Checks the names of all files of the service, once, see {@link ContextWriter#checkNames}. */
    synchronized void checkNames() throws IOException, InterruptedException {
        if (!namesChecked) {
            ContextWriter.checkNames(new Git(processes(), directory()), "");
            namesChecked = true;
        }
    }

    /** Returns a directory for files that belong to the checkout. */
    Path home() {
        return home.path();
    }

    @Override
    public void close() {
        home.close();
    }
}
