package io.jenkins.plugins.pymacaron.image;

import java.io.BufferedInputStream;
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
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What docker gets to build from: as git archives the commit (so {@code export-ignore} is heeded) without the tests,
 * its submodules, and the content of the included links. The same commit gives the same bytes: git's order, one time,
 * one owner, two modes.
 *
 * @param links what is included besides the commit
 */
record BuildContext(SourceTree source, IncludeLinks links) {
    /** What the image does not need, at the top of the service's directory. */
    static final Set<String> TESTS = Set.of("test", "testaccept");

    private static final String NAMES = StandardCharsets.UTF_8.name();
    private static final int FILE_MODE = 0100644;
    private static final int PROGRAM_MODE = 0100755;
    private static final int DIRECTORY_MODE = 0040755;
    private static final int LINK_MODE = 0120777;

    /** Archives everything that {@link #write} is to write. Takes time and disk, so only what will be built. */
    Archives archive() throws IOException, InterruptedException {
        Git git = new Git(source.processes(), source.directory());
        Map<String, Path> tars = new LinkedHashMap<>();
        add(git, "", tars);
        return new Archives(tars);
    }

    private void add(Git git, String prefix, Map<String, Path> tars) throws IOException, InterruptedException {
        Path tar = source.home().resolve("part" + tars.size() + ".tar");
        git.ask("archiving the commit", "archive", "--format=tar", "--output=" + tar, "HEAD");
        tars.put(prefix, tar);
        Path root = Path.of(git.ask("looking for the repository", "rev-parse", "--show-toplevel"));
        for (String path : Submodules.paths(git.in(root)).keySet()) {
            Path submodule = root.resolve(path);
            Path directory = git.directory().toRealPath();
            if (submodule.startsWith(directory)) {
                add(git.in(submodule), prefix + directory.relativize(submodule) + "/", tars);
            }
        }
    }

    /** A program that goes into every image, one of {@link Dockerfile#PROGRAMS}. */
    static byte[] program(String name) throws IOException {
        try (InputStream in = BuildContext.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** The tars of the service's directory and of its submodules, by where they belong. */
    final class Archives {
        private final Map<String, Path> tars;

        private Archives(Map<String, Path> tars) {
            this.tars = tars;
        }

        void write(OutputStream out, Dockerfile dockerfile, Dockerfile.Stamp stamp) throws IOException {
            try (TarArchiveOutputStream tar =
                    new TarArchiveOutputStream(new BufferedOutputStream(out, 1 << 16), NAMES)) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                tar.setAddPaxHeadersForNonAsciiNames(true);
                put(tar, Dockerfile.FILE, FILE_MODE, dockerfile.bytes(stamp));
                for (String program : Dockerfile.PROGRAMS) {
                    put(tar, program, PROGRAM_MODE, program(program));
                }
                put(tar, Dockerfile.VERSION, FILE_MODE, stamp.version().getBytes(StandardCharsets.UTF_8));
                for (String file : new TreeSet<>(dockerfile.requirements().files())) {
                    byte[] content = Files.readAllBytes(source.directory().resolve(file));
                    put(tar, Dockerfile.NEEDED + "/" + file, FILE_MODE, content);
                }
                put(tar, Dockerfile.APP + "/", DIRECTORY_MODE, new byte[0]);
                for (Map.Entry<String, Path> part : tars.entrySet()) {
                    copy(part.getKey(), part.getValue(), tar);
                }
                for (Map.Entry<String, Path> file : links.files().entrySet()) {
                    int mode = Files.isExecutable(file.getValue()) ? PROGRAM_MODE : FILE_MODE;
                    try (InputStream in = Files.newInputStream(file.getValue())) {
                        put(tar, Dockerfile.APP + "/" + file.getKey(), mode, Files.size(file.getValue()), in);
                    }
                }
            }
        }

        private void copy(String prefix, Path part, TarArchiveOutputStream tar) throws IOException {
            try (TarArchiveInputStream in =
                    new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(part)), NAMES)) {
                for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    String name = prefix + entry.getName();
                    if (entry.isGlobalPaxHeader() || left(name)) {
                        continue;
                    }
                    String path = Dockerfile.APP + "/" + name;
                    if (entry.isSymbolicLink()) {
                        TarArchiveEntry link = new TarArchiveEntry(path, TarArchiveEntry.LF_SYMLINK);
                        link.setLinkName(entry.getLinkName());
                        link.setMode(LINK_MODE);
                        put(tar, link, 0, InputStream.nullInputStream());
                    } else if (entry.isDirectory()) {
                        put(tar, path, DIRECTORY_MODE, 0, InputStream.nullInputStream());
                    } else {
                        int mode = (entry.getMode() & 0100) != 0 ? PROGRAM_MODE : FILE_MODE;
                        put(tar, path, mode, entry.getSize(), in);
                    }
                }
            }
        }

        /** Tests, and links whose content is included in their place. */
        private boolean left(String name) {
            String path = name.replaceFirst("/$", "");
            return TESTS.contains(path.replaceFirst("/.*", ""))
                    || links.names().stream().anyMatch(link -> path.equals(link) || path.startsWith(link + "/"));
        }
    }

    private static void put(TarArchiveOutputStream tar, String path, int mode, byte[] content) throws IOException {
        put(tar, path, mode, content.length, new ByteArrayInputStream(content));
    }

    private static void put(TarArchiveOutputStream tar, String path, int mode, long size, InputStream content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setMode(mode);
        put(tar, entry, size, content);
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, long size, InputStream content)
            throws IOException {
        entry.setSize(size);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }
}
