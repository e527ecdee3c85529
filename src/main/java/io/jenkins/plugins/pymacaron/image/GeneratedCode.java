package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * Handles the code that PyMacaron generates beside {@code apis/NAME.yaml}. The library generates it again only if the
 * yaml is newer ({@code load_api_models_and_endpoints} in pymacaron/apiloader.py), but after a checkout all files have
 * nearly the same time.
 */
final class GeneratedCode {
    private static final List<String> KINDS = List.of("_models.py", "_app.py");
    private static final FileTime OLD = FileTime.fromMillis(0);

    private GeneratedCode() {}

    /**
     * Makes committed code older than its yaml, so that tests run with the same code as the image, which is generated
     * from the yaml.
     */
    static void outdate(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                return path.endsWith(".git") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && isGenerated(path)) {
                    Files.setLastModifiedTime(path, OLD);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isGenerated(Path path) {
        String name = String.valueOf(path.getFileName());
        return KINDS.stream()
                .anyMatch(
                        kind -> name.endsWith(kind) && Files.exists(path.resolveSibling(name.replace(kind, ".yaml"))));
    }
}
