package io.jenkins.plugins.pymacaron.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A new directory that only this user can enter, under a name that cannot be foreseen. It is removed with its content
 * when this is closed, and at the latest when the JVM ends in any way but SIGKILL.
 */
public final class PrivateDirectory implements AutoCloseable {
    private final Path path;
    private final Shutdown.Guard guard;

    private PrivateDirectory(Path path) {
        this.path = path;
        this.guard = Shutdown.guard(this::remove);
    }

    /** Makes a directory. @param prefix begins its name, and shows its owner */
    public static PrivateDirectory create(String prefix) throws IOException {
        return new PrivateDirectory(Files.createTempDirectory(
                prefix, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        guard.close();
    }

    /** Removes a directory with its content, including directories that a program has closed to its own user. */
    public static void delete(Path tree) throws IOException {
        try {
            Files.walkFileTree(tree, new Remover());
        } catch (NoSuchFileException e) {
            // Another process was faster.
        }
    }

    private void remove() {
        try {
            delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the directory " + path + " could not be removed", e);
        }
    }

    /** Removes a tree. Follows no link, and opens directories that a program has closed to its own user. */
    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            remove(file);
            return FileVisitResult.CONTINUE;
        }

        /** Removes a path; a path that cannot be removed is in a directory that was closed. */
        private static void remove(Path path) throws IOException {
            try {
                Files.deleteIfExists(path);
            } catch (AccessDeniedException e) {
                open(path.resolveSibling(""));
                Files.deleteIfExists(path);
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            Path in = file.resolveSibling("");
            if (!Files.isExecutable(in)) {
                open(in);
            } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                    && !(Files.isReadable(file) && Files.isExecutable(file))) {
                open(file);
            } else {
                throw failure;
            }
            Files.walkFileTree(file, this);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            remove(directory);
            return FileVisitResult.CONTINUE;
        }

        private static void open(Path directory) throws IOException {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
