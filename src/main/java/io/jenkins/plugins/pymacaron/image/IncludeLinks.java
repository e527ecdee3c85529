package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the {@code include_links} of pym-config.yaml: links to code of other projects, whose content is in the image
 * and the tests in place of the link. The link itself is committed or at least in the working copy; it is resolved from
 * the working copy, which has the other projects beside it. The content comes from a commit: the newest of the other
 * repository.
 */
public final class IncludeLinks {
    private final SourceTree source;
    private final List<String> links;

    public IncludeLinks(SourceTree source, List<String> links) {
        this.source = source;
        this.links = List.copyOf(new TreeSet<>(links));
    }

    /** A link whose content comes from elsewhere; {@code path} is empty for the whole of a repository. */
    record Part(String link, LinkedRepositories.Place place, String path) {
        Path target() {
            return place.root().resolve(path);
        }
    }

    /** Returns a problem for each link that cannot be used, and a warning for each that leaves something out. */
    public List<Problem> problems() throws IOException, InterruptedException {
        List<Problem> all = new ArrayList<>();
        for (String link : links) {
            problem(link).ifPresent(all::add);
        }
        return all;
    }

    private Optional<Problem> problem(String link) throws IOException, InterruptedException {
        Path path = Path.of(link);
        if (path.isAbsolute()
                || path.normalize().startsWith("..")
                || path.normalize().toString().isEmpty()) {
            return error("'" + link + "' is not a path within the service's directory", "Correct it.");
        }
        if (isOfTheCommit(link)) {
            return Optional.empty();
        }
        Optional<Path> target = target(link);
        if (target.isEmpty()) {
            return error(
                    "'" + link + "' leads to nothing in " + source.workingDirectory(),
                    "Check out what it links to, or correct it.");
        }
        Optional<Part> part = source.neighbours().find(target.get()).map(found -> part(link, found, target.get()));
        if (part.isEmpty()) {
            return error(
                    "'" + link + "' leads to " + target.get() + ", which is in no git repository with a commit",
                    "Only committed files are deployed: run git init, add and commit there.");
        }
        LinkedRepositories.Place place = part.get().place();
        if (!Files.exists(part.get().target(), LinkOption.NOFOLLOW_LINKS)) {
            return error(
                    "'" + link + "' leads to " + target.get() + ", which is not in the commit " + place.sha6(),
                    "Commit it.");
        }
        Optional<SourceException> missing = GitConversions.missing(new Git(source.processes(), place.root()));
        if (missing.isPresent() && !place.own()) {
            return error(place.theirs() + ": " + missing.get().getMessage(), "");
        }
        List<String> dirty = place.dirtyBelow(part.get().path());
        return dirty.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.warning(
                        "include_links",
                        "of what '" + link + "' leads to this is not committed, so not deployed: "
                                + String.join(", ", dirty.subList(0, Math.min(5, dirty.size())))
                                + (dirty.size() > 5 ? " and " + (dirty.size() - 5) + " more" : ""),
                        ""));
    }

    private static Optional<Problem> error(String message, String advice) {
        return Optional.of(Problem.error("include_links", message, advice));
    }

    /** Returns the origin of the code, a line for each link that leads to another repository. */
    public List<String> origins() throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (Part part : parts()) {
            if (!part.place().own()) {
                all.add("include_links: " + part.link() + " is " + part.place().description());
            }
        }
        return all;
    }

    /** Returns the links that lead elsewhere, each with the commit and the path that its content is from. */
    public List<String> commits() throws IOException, InterruptedException {
        return parts().stream()
                .map(part -> part.link() + " " + part.place().commit() + " " + part.path())
                .toList();
    }

    /**
     * Points each link of the checkout to its content, so that tests and {@code pre_promote} see the same files as the
     * image.
     *
     * @throws SourceException for a link that cannot be used
     */
    public void open() throws IOException, InterruptedException {
        for (Part part : parts()) {
            Path link = source.directory().resolve(part.link());
            Files.createDirectories(link.resolveSibling(""));
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, part.target());
        }
    }

    List<Part> parts() throws IOException, InterruptedException {
        List<Part> all = new ArrayList<>();
        for (String link : links) {
            if (!isOfTheCommit(link)) {
                Path target = target(link).orElseThrow(() -> new SourceException("'" + link + "' leads to nothing"));
                LinkedRepositories.Place place = source.neighbours()
                        .find(target)
                        .orElseThrow(() -> new SourceException("'" + link + "' leads to no git repository"));
                all.add(part(link, place, target));
            }
        }
        return all;
    }

    private static Part part(String link, LinkedRepositories.Place place, Path target) {
        return new Part(link, place, place.theirs().relativize(target).toString());
    }

    /** Returns the {@code testaccept} directories of the other repositories that the links lead to. */
    public List<Path> acceptanceTests() throws IOException, InterruptedException {
        return parts().stream()
                .filter(part -> !part.place().own())
                .map(part -> part.place().root().resolve("testaccept"))
                .filter(Files::isDirectory)
                .distinct()
                .toList();
    }

    /**
     * Returns whether it is a directory or file of the commit and no link. A link that this class has replaced is not
     * of the commit.
     */
    private boolean isOfTheCommit(String link) {
        Path committed = source.directory().resolve(link);
        return Files.exists(committed, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(committed);
    }

    /** Returns the target of the link from the working copy, without links on the way. */
    private Optional<Path> target(String link) {
        try {
            return source.neighbours().target(link);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
