package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.config.Problem;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The {@code include_links} of pym-config.yaml: links to code of other projects, whose content goes into the image as
 * if it stood there. The link itself is committed or at least stands in the working copy; where it leads is resolved
 * from the working copy, in whose neighbourhood the other projects are.
 *
 * <p>A link leads where it wants, that is its purpose; links within what it leads to are followed only as long as they
 * stay in there.
 */
public final class IncludeLinks {
    private final SourceTree source;
    private final List<String> links;

    public IncludeLinks(SourceTree source, List<String> links) {
        this.source = source;
        this.links = List.copyOf(new TreeSet<>(links));
    }

    /** A problem for each link that cannot be taken. */
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>();
        for (String link : links) {
            Path path = Path.of(link);
            if (path.isAbsolute()
                    || path.normalize().startsWith("..")
                    || path.normalize().toString().isEmpty()) {
                all.add(Problem.error(
                        "include_links", "'" + link + "' is not a path within the service's directory", "Correct it."));
            } else if (target(link).isEmpty()) {
                all.add(Problem.error(
                        "include_links",
                        "'" + link + "' leads to nothing in " + source.workingDirectory(),
                        "Check out what it links to, or correct it."));
            }
        }
        return all;
    }

    List<String> names() {
        return links;
    }

    /** The {@code testaccept} directories of the repositories that the links lead to. */
    public List<Path> acceptanceTests() {
        Set<Path> all = new TreeSet<>();
        for (String link : links) {
            target(link)
                    .map(IncludeLinks::repository)
                    .map(root -> root.resolve("testaccept"))
                    .ifPresent(tests -> {
                        if (Files.isDirectory(tests)) {
                            all.add(tests);
                        }
                    });
        }
        return List.copyOf(all);
    }

    /** Every file that the links bring, by its path in the service's directory, with where its content is. */
    SortedMap<String, Path> files() throws IOException {
        SortedMap<String, Path> all = new TreeMap<>();
        for (String link : links) {
            Path target = target(link).orElseThrow(() -> SourceException.of(problems()));
            if (Files.isDirectory(target)) {
                Files.walkFileTree(
                        target,
                        Set.of(FileVisitOption.FOLLOW_LINKS),
                        Integer.MAX_VALUE,
                        new Collector(link, target, all));
            } else {
                all.put(link, target);
            }
        }
        return all;
    }

    /** What the link leads to, without links on the way. */
    private Optional<Path> target(String link) {
        try {
            Path committed = source.directory().resolve(link);
            Path working = source.workingDirectory().resolve(link);
            if (Files.isSymbolicLink(committed)) {
                return Optional.of(working.resolveSibling(Files.readSymbolicLink(committed))
                        .toRealPath());
            }
            // A directory or file that is no link, or a link that was not committed.
            return Optional.of((Files.exists(committed, LinkOption.NOFOLLOW_LINKS) ? committed : working).toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path repository(Path directory) {
        Path at = directory;
        while (at != null && !Files.exists(at.resolve(".git"))) {
            at = at.getParent();
        }
        return at == null ? directory : at;
    }

    /** Takes regular files, but no compiled Python and no repository's own data. */
    private static final class Collector extends SimpleFileVisitor<Path> {
        private static final Set<String> SKIPPED = Set.of("__pycache__", ".git");

        private final String link;
        private final Path target;
        private final SortedMap<String, Path> all;

        Collector(String link, Path target, SortedMap<String, Path> all) {
            this.link = link;
            this.target = target;
            this.all = all;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            return skipped(directory) || !within(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile() && !skipped(file) && !file.toString().endsWith(".pyc") && within(file)) {
                all.put(link + "/" + target.relativize(file), file);
            }
            return FileVisitResult.CONTINUE;
        }

        /** A link that leads in a circle. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (Files.isSymbolicLink(file)) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        private boolean within(Path path) throws IOException {
            return path.toRealPath().startsWith(target);
        }

        private boolean skipped(Path path) {
            return !path.equals(target) && SKIPPED.contains(path.getFileName().toString());
        }
    }
}
