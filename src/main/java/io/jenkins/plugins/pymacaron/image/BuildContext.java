package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.image.layers.FileTree;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The context that docker builds from: git's archive of the commit (so {@code export-ignore} has effect) without the
 * tests, with its submodules and the content of the included links. The same commit gives the same bytes: git's order,
 * one time, one owner, two modes.
 *
 * @param links the included links
 */
record BuildContext(SourceTree source, IncludeLinks links) {
    /** The folders that the image does not need, at the top of the service's directory. */
    static final Set<String> TESTS = Set.of("test", "testaccept");

    /** Archives everything that goes into the image, as git makes it of the commit: filters and line ends included. */
    Archives archive() throws IOException, InterruptedException {
        Git git = new Git(source.processes(), source.directory());
        Map<String, Path> tars = source.archived();
        if (tars.isEmpty()) {
            source.checkNames();
            add(git, source.root().toRealPath(), "", tars);
        }
        Map<IncludeLinks.Part, Path> linked = new LinkedHashMap<>();
        for (IncludeLinks.Part part : links.parts()) {
            Path tar = source.home().resolve("link" + linked.size() + ".tar");
            Git neighbour = new Git(source.processes(), part.place().root());
            ContextWriter.checkNames(neighbour, part.path());
            neighbour.ask(
                    "archiving what " + part.link() + " leads to",
                    "--literal-pathspecs",
                    "archive",
                    "--format=tar",
                    "--output=" + tar,
                    "HEAD",
                    "--",
                    part.path().isEmpty() ? "." : part.path());
            linked.put(part, tar);
        }
        return new Archives(tars, linked);
    }

    /** Adds an archive, and those of submodules. @param root of git's checkout */
    private void add(Git git, Path root, String prefix, Map<String, Path> tars)
            throws IOException, InterruptedException {
        Path tar = source.home().resolve("part" + tars.size() + ".tar");
        git.ask("archiving the commit", "archive", "--format=tar", "--output=" + tar, "HEAD");
        tars.put(prefix, tar);
        for (String path : Submodules.paths(git.in(root)).keySet()) {
            Path submodule = root.resolve(path);
            Path directory = git.directory().toRealPath();
            if (submodule.startsWith(directory)) {
                Git inner = git.in(submodule);
                ContextWriter.checkNames(inner, "");
                add(inner, submodule, prefix + directory.relativize(submodule) + "/", tars);
            }
        }
    }

    /** Returns a program that goes into every image, one of {@link Dockerfile#PROGRAMS}. */
    static byte[] program(String name) throws IOException {
        try (InputStream in = BuildContext.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** The tars of the service's directory and of its submodules, by their paths, and those of its links. */
    final class Archives {
        private final Map<String, Path> tars;
        private final Map<IncludeLinks.Part, Path> linked;

        private Archives(Map<String, Path> tars, Map<IncludeLinks.Part, Path> linked) {
            this.tars = tars;
            this.linked = linked;
        }

        void write(OutputStream out, Dockerfile dockerfile, Dockerfile.Stamp stamp) throws IOException {
            try (TarArchiveOutputStream tar =
                    new TarArchiveOutputStream(new BufferedOutputStream(out, 1 << 16), ContextWriter.NAMES)) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                tar.setAddPaxHeadersForNonAsciiNames(true);
                put(tar, Dockerfile.FILE, ContextWriter.FILE_MODE, dockerfile.bytes(stamp));
                for (String program : Dockerfile.PROGRAMS) {
                    put(tar, program, ContextWriter.PROGRAM_MODE, program(program));
                }
                for (String file : new TreeSet<>(dockerfile.requirements().files())) {
                    byte[] content = Files.readAllBytes(source.directory().resolve(file));
                    put(tar, Dockerfile.NEEDED + "/" + file, ContextWriter.FILE_MODE, content);
                }
                put(tar, Dockerfile.APP + "/", ContextWriter.DIRECTORY_MODE, new byte[0]);
                put(
                        tar,
                        dockerfile.version(),
                        ContextWriter.FILE_MODE,
                        stamp.version().getBytes(StandardCharsets.UTF_8));
                copy(new ContextWriter(tar), dockerfile);
            }
        }

        /** Unpacks the service's directory as the image has it, without the version. */
        void unpack(FileTree tree, Dockerfile dockerfile) throws IOException {
            copy(
                    new ContextWriter((entry, size, content) ->
                            tree.put(entry, entry.getName().substring(Dockerfile.APP.length() + 1), content)),
                    dockerfile);
        }

        private void copy(ContextWriter entries, Dockerfile dockerfile) throws IOException {
            for (Map.Entry<String, Path> part : tars.entrySet()) {
                entries.copy(
                        part.getValue(), name -> left(part.getKey() + name, dockerfile) ? null : part.getKey() + name);
            }
            for (Map.Entry<IncludeLinks.Part, Path> part : linked.entrySet()) {
                entries.copy(part.getValue(), name -> moved(part.getKey(), name));
            }
        }

        /**
         * Returns whether it is left out: tests, a file that the version replaces, and links that are replaced by their
         * content.
         */
        private boolean left(String name, Dockerfile dockerfile) {
            String path = name.replaceFirst("/$", "");
            return dockerfile.version().equals(Dockerfile.APP + "/" + path)
                    || TESTS.contains(path.replaceFirst("/.*", ""))
                    || linked.keySet().stream()
                            .map(IncludeLinks.Part::link)
                            .anyMatch(link -> path.equals(link) || path.startsWith(link + "/"));
        }
    }

    /** Returns the path of a file of a link's content; null for a file outside of it, and for compiled Python. */
    private static String moved(IncludeLinks.Part part, String name) {
        String path = part.path();
        boolean within = path.isEmpty() || name.equals(path) || name.equals(path + "/") || name.startsWith(path + "/");
        if (!within || name.endsWith(".pyc") || ("/" + name).contains("/__pycache__/")) {
            return null;
        }
        return path.isEmpty() ? part.link() + "/" + name : part.link() + name.substring(path.length());
    }

    private static void put(TarArchiveOutputStream tar, String path, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setMode(mode);
        ContextWriter.put(tar, entry, content.length, new ByteArrayInputStream(content));
    }
}
