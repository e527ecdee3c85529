package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks out the repositories that links of a service lead to, each once, at its newest commit, beside the service. */
final class LinkedRepositories {
    private final SourceTree source;
    private final Map<Path, Place> places = new HashMap<>();
    private final Map<String, Path> targets = new HashMap<>();

    LinkedRepositories(SourceTree source) {
        this.source = source;
    }

    /**
     * A repository.
     *
     * @param own whether it is the service's own, so that its commit is known
     * @param theirs its directory on this machine
     * @param root of our checkout
     * @param dirty its files that are not committed, relative to its root
     */
    record Place(boolean own, Path theirs, Path root, String commit, Optional<String> branch, List<String> dirty) {
        String sha6() {
            return commit.substring(0, 6);
        }

        String description() {
            return theirs + ", commit " + sha6()
                    + branch.map(name -> " of branch " + name).orElse("");
        }

        List<String> dirtyBelow(String path) {
            return dirty.stream()
                    .filter(file -> path.isEmpty()
                            || file.equals(path)
                            || file.startsWith(path + "/")
                            || file.endsWith("/") && path.startsWith(file))
                    .toList();
        }
    }

    /** Finds a repository. @return the repository that contains the target; empty if none does, or it has no commit */
    Optional<Place> find(Path target) throws IOException, InterruptedException {
        Path directory = Files.isDirectory(target) ? target : target.getParent();
        Git git = new Git(source.processes(), directory);
        ProcessResult top = git.attempt("rev-parse", "--show-toplevel");
        if (!top.ok()
                || !git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
                        .ok()) {
            return Optional.empty();
        }
        Path theirs = Path.of(top.output().strip()).toRealPath();
        Place known = places.get(theirs);
        if (known == null) {
            known = open(theirs);
            places.put(theirs, known);
        }
        return Optional.of(known);
    }

    private Place open(Path theirs) throws IOException, InterruptedException {
        Git git = new Git(source.processes(), source.workingDirectory());
        Path own = Path.of(git.ask("looking for the repository", "rev-parse", "--show-toplevel"))
                .toRealPath();
        if (theirs.equals(own)) {
            return new Place(true, theirs, source.root(), source.commit(), source.branch(), List.of());
        }
        Path home = Files.createDirectories(source.home().resolve("neighbour" + places.size()));
        Checkout made = Checkout.ofWorkingCopy(source.processes(), theirs, home);
        GeneratedCode.outdate(made.root());
        return new Place(false, theirs, made.root(), made.commit(), made.branch(), made.dirty());
    }

    /**
     * Returns the target of a link of the service, from the commit or else the working copy. It is remembered, since
     * links are moved.
     */
    Optional<Path> target(String link) throws IOException {
        Path known = targets.get(link);
        if (known != null) {
            return Optional.of(known);
        }
        Path committed = source.directory().resolve(link);
        Path working = source.workingDirectory().resolve(link);
        Path found = Files.isSymbolicLink(committed)
                ? working.resolveSibling(Files.readSymbolicLink(committed)).toRealPath()
                : working.toRealPath();
        targets.put(link, found);
        return Optional.of(found);
    }
}
