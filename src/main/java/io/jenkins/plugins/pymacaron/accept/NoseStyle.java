package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what nose ran and what pytest 8 and unittest silently do not: methods {@code setup} and {@code teardown}, and the
 * package functions ("Support for nose has been removed", pytest 8.0 release notes).
 */
final class NoseStyle {
    private static final int FILES_READ = 500;
    private static final long SIZE_READ = 1 << 20;
    private static final Pattern SETUP = Pattern.compile(
            "^\\s+def (setup|teardown)\\(self|^def (setup_package|teardown_package)\\(|^from nose\\b"
                    + "|^import nose\\b",
            Pattern.MULTILINE);

    private NoseStyle() {}

    static List<String> warnings(List<Path> paths) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path path : paths) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.filter(p -> p.toString().endsWith(".py"))
                        .filter(Files::isRegularFile)
                        .limit(FILES_READ)
                        .toList()) {
                    if (Files.size(file) <= SIZE_READ
                            && SETUP.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                                    .find()) {
                        found.add(path.getFileName() + "/" + path.relativize(file)
                                + " is written for nose: its setup and teardown are not run. Name them setUp and"
                                + " tearDown");
                    }
                }
            }
        }
        return found;
    }
}
