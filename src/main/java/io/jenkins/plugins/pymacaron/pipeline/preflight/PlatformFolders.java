package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles.ServiceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the folders that a platform gets beside the image, from the checkout of the commit. Rules that keep a file out
 * of the image ({@code export-ignore}, {@code .dockerignore}) do not apply here. Every link is refused: a link out of
 * the repository would hand over a file of this machine.
 */
public final class PlatformFolders {
    /** Far more than any service has, far less than one upload and a reader in memory can handle. */
    private static final int MOST = 500;

    private static final int LARGEST = 4 << 20;

    /** Names that terminals, pages and unpacking programs all show and keep unchanged. */
    private static final Pattern NAME = Pattern.compile("[!-~&&[^\\\\]]{1,200}");

    private final Path service;
    private final List<Problem> problems;
    private final SortedMap<String, ServiceFile> found = new TreeMap<>();
    private long size;

    /**
     * Makes the reader.
     *
     * @param service the service's directory in the checkout
     * @param problems receives the problems found
     */
    PlatformFolders(Path service, List<Problem> problems) {
        this.service = service;
        this.problems = problems;
    }

    /** Returns the usable files below these folders, or none if one cannot be used: then a problem is added. */
    ServiceFiles read(Set<String> folders) throws IOException {
        boolean good = true;
        for (String folder : folders) {
            Path top = service.resolve(folder);
            if (Files.isSymbolicLink(top)) {
                good = refused(folder, "is a symbolic link");
            } else if (Files.isDirectory(top)) {
                good &= read(folder, top);
            }
        }
        return good ? new ServiceFiles(found) : ServiceFiles.NONE;
    }

    private boolean read(String folder, Path top) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> below = Files.walk(top)) {
            below.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .limit(MOST + 1L)
                    .forEach(all::add);
        }
        if (found.size() + all.size() > MOST) {
            return refused(folder, "has more than " + MOST + " files");
        }
        for (Path file : all) {
            String name = service.relativize(file).toString().replace('\\', '/');
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return refused(name, "is " + (Files.isSymbolicLink(file) ? "a symbolic link" : "no file"));
            }
            if (!NAME.matcher(name).matches()) {
                return refused(name, "has another name than of letters, digits and signs of ASCII");
            }
            size += Files.size(file);
            if (size > LARGEST) {
                return refused(folder, "and what else goes into the bundle have more than " + (LARGEST >> 20) + " MiB");
            }
            found.put(name, new ServiceFile(Files.readAllBytes(file), isProgram(file)));
        }
        return true;
    }

    /** Returns whether it is a program by its mode: whether this machine could start it depends on the machine. */
    private static boolean isProgram(Path file) throws IOException {
        return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
                .contains(PosixFilePermission.OWNER_EXECUTE);
    }

    private boolean refused(String name, String why) {
        problems.add(Problem.error(
                name.replaceAll("[^!-~]", "?"),
                "it " + why + ", which cannot go into the bundle for the platform",
                "Commit files of its own there, and no more than the platform needs."));
        return false;
    }
}
