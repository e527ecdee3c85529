package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.image.SourceTree.Pushed;
import io.jenkins.plugins.pymacaron.process.CheckoutPaths;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks a commit out into a directory of the plugin.
 *
 * @param git in the repository's checkout, with the authorization for its origin, if there is one
 * @param service the service's directory that the user works in
 * @param root of the repository's checkout
 * @param prefix the service's directory within the repository; empty for the root
 * @param facts of the commit
 * @param branch the name of its branch; empty for a detached head
 * @param url of origin, without credentials
 * @param dirty the files of the working copy that differ from the commit
 */
record Checkout(
        Git git,
        Path service,
        Path root,
        String prefix,
        String commit,
        CommitFacts facts,
        Optional<String> branch,
        Optional<String> url,
        List<String> dirty) {
    static Checkout ofWorkingCopy(Processes processes, Path service, Path home)
            throws IOException, InterruptedException {
        Git theirs = git(processes, service);
        Position position = Position.withCommit(theirs);
        Path top = position.top();
        String commit = position.commit();
        Path root = home.resolve(CheckoutPaths.DIRECTORY);
        // No answer about the working copy depends on the clone, and each call of git starts a process.
        try (BesideTask<WorkingCopyStatus> status = BesideTask.begin(() -> WorkingCopyStatus.of(theirs));
                BesideTask<Optional<String>> url = BesideTask.begin(() -> origin(theirs));
                BesideTask<GitConversions> conversions = BesideTask.begin(() -> GitConversions.of(theirs))) {
            Git ours = new Git(processes, root);
            // The clone is shared: it borrows the objects, so that a large repository costs nothing and no disk is
            // filled.
            new Git(processes, home)
                    .local()
                    .ask(
                            "cloning " + top,
                            "clone",
                            "--quiet",
                            "--shared",
                            "--no-checkout",
                            "--",
                            top.toString(),
                            CheckoutPaths.DIRECTORY);
            try (BesideTask<CommitFacts> facts = BesideTask.begin(() -> CommitFacts.of(ours, commit))) {
                Optional<RepositoryOrigin> origin = url.result().map(of -> RepositoryOrigin.of(of, Optional.empty()));
                if (origin.isPresent()) {
                    ours.ask(
                            "setting the origin",
                            "remote",
                            "set-url",
                            "origin",
                            origin.get().url());
                }
                conversions.result().adopt(position.shared(), ours);
                FilterFailure.checkOut(ours, "checking out " + commit, commit);
                new Submodules(processes, origin.map(RepositoryOrigin::local).orElse(true))
                        .fromWorkingCopy(ours, theirs.in(top));
                return new Checkout(
                        ours,
                        service.toAbsolutePath(),
                        root,
                        position.prefix(),
                        commit,
                        facts.result(),
                        status.result().branch(),
                        origin.map(RepositoryOrigin::url),
                        status.result().dirty());
            }
        }
    }

    static Checkout ofPushed(Processes processes, Path service, Pushed which, Path home)
            throws IOException, InterruptedException {
        Git theirs = git(processes, service);
        Position position = Position.of(theirs);
        Path top = position.top();
        RepositoryOrigin origin = RepositoryOrigin.of(
                origin(theirs)
                        .orElseThrow(
                                () -> new SourceException(top + " has no remote named origin to take pushed commits"
                                        + " from. Add one, or deploy the working copy's commit.")),
                which.token());
        if (which.token().isPresent() && !origin.http()) {
            throw new SourceException(
                    "--x-auth is for a repository at http(s), but origin is " + origin.url() + ". Leave it out.");
        }
        Optional<String> current = which.branch().isPresent() ? which.branch() : branch(theirs);
        String branch = checked(
                "branch",
                current.orElseThrow(
                        () -> new SourceException("the working copy is on no branch. Name one with --branch.")));
        Path root = home.resolve(CheckoutPaths.DIRECTORY);
        Git remote = new Git(processes, top);
        if (origin.authorization().isPresent()) {
            remote = remote.configured(
                            "http." + origin.scope() + ".extraHeader",
                            origin.authorization().get())
                    // A helper would keep the credentials that it sees.
                    .configured("credential.helper", "");
        }
        // The working copy's objects are borrowed, so that only missing objects are transferred.
        try {
            (origin.local() ? remote.local() : remote)
                    .ask(
                            "cloning " + branch + " of " + origin.url(),
                            "clone",
                            "--quiet",
                            "--no-checkout",
                            "--reference-if-able",
                            top.toString(),
                            "--branch",
                            branch,
                            "--",
                            origin.url(),
                            root.toString());
        } catch (SourceException e) {
            throw GitErrors.withToken(e);
        }
        Git ours = remote.in(root);
        String wanted =
                which.commit().isPresent() ? checked("commit", which.commit().get()) : "HEAD";
        ProcessResult found = ours.attempt("rev-parse", "--verify", "--quiet", wanted + "^{commit}");
        // The borrowed objects contain commits that were never pushed, but none of origin's refs leads to them.
        if (!found.ok()
                || ours.ask(
                                "looking for " + wanted,
                                "for-each-ref",
                                "--count=1",
                                "--contains",
                                found.output().strip())
                        .isEmpty()) {
            throw new SourceException("there is no commit " + wanted + " in " + origin.url() + ". Push it.");
        }
        String commit = found.output().strip();
        GitConversions.of(theirs).adopt(position.shared(), ours);
        FilterFailure.checkOut(ours, "checking out " + commit, commit);
        new Submodules(processes, origin.local()).fromTheirOrigins(ours);
        return new Checkout(
                ours,
                service.toAbsolutePath(),
                root,
                position.prefix(),
                commit,
                CommitFacts.of(ours, commit),
                Optional.of(branch),
                Optional.of(origin.url()),
                List.of());
    }

    private static Git git(Processes processes, Path service) throws SourceException {
        if (!Files.isDirectory(service)) {
            throw new SourceException("there is no directory " + service);
        }
        return new Git(processes, service);
    }

    /**
     * The place of a service in its repository, by one call of git.
     *
     * @param commit the one that is checked out there; empty where it is not asked for
     * @param prefix the service's directory within the repository; empty for the root
     * @param shared the directory of git's files that all worktrees of the repository share
     * @param top the root of the worktree
     */
    private record Position(String commit, String prefix, Path shared, Path top) {
        private static final String DOING = "looking for the repository";
        private static final String[] QUESTIONS = {"rev-parse", "--show-prefix", "--git-common-dir", "--show-toplevel"};
        private static final int ANSWERS = QUESTIONS.length - 1;

        static Position of(Git git) throws IOException, InterruptedException {
            return of(git, "", git.ask(DOING, QUESTIONS));
        }

        static Position withCommit(Git git) throws IOException, InterruptedException {
            List<String> questions = new ArrayList<>(List.of(QUESTIONS));
            questions.add(1, "HEAD^{commit}");
            ProcessResult found = git.attempt(questions.toArray(String[]::new));
            if (!found.ok()) {
                of(git);
                throw new SourceException(
                        "the repository of " + git.directory() + " has no commit yet. Commit what to deploy.");
            }
            String[] parts = found.output().stripTrailing().split("\n", 2);
            return of(git, parts[0], parts[1]);
        }

        private static Position of(Git git, String commit, String answers) throws IOException {
            String[] parts = answers.stripTrailing().split("\n", -1);
            if (parts.length != ANSWERS) {
                throw new SourceException(
                        "the directory of the service or of its repository has a line break in its name: "
                                + git.directory().toString().replace('\n', ' ') + ". Rename it.");
            }
            return new Position(
                    commit,
                    parts[0].replaceFirst("/$", ""),
                    git.directory().resolve(parts[1]).toRealPath(),
                    Path.of(parts[2]));
        }
    }

    private static Optional<String> branch(Git git) throws IOException, InterruptedException {
        ProcessResult branch = git.attempt("symbolic-ref", "--quiet", "--short", "HEAD");
        return branch.ok() ? Optional.of(branch.output().strip()) : Optional.empty();
    }

    private static Optional<String> origin(Git git) throws IOException, InterruptedException {
        ProcessResult url = git.attempt("config", "--get", "remote.origin.url");
        return url.ok() && !url.output().isBlank() ? Optional.of(url.output().strip()) : Optional.empty();
    }

    /** Refuses names that git would take for options, ranges or paths: no branch or commit has such a name. */
    private static String checked(String what, String name) throws SourceException {
        if (!name.matches("[A-Za-z0-9_][^\\s~^:?*\\[\\\\\\p{Cntrl}]*") || name.contains("..") || name.contains("@{")) {
            throw new SourceException("'" + name + "' is no name of a " + what + ". Correct it.");
        }
        return name;
    }
}
