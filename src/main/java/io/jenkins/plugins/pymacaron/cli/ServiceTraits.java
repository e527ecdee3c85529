package io.jenkins.plugins.pymacaron.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The features of the library that a PyMacaron service uses and that its configuration has to name.
 *
 * @param async whether it has tasks, which redis and celery run
 * @param tokens whether it expects tokens from its callers
 */
record ServiceTraits(boolean async, boolean tokens) {
    private static final Pattern ASYNC = Pattern.compile("\\bpymacaron[_-]async\\b");
    private static final Pattern TOKENS = Pattern.compile("\\bpymacaron\\.auth\\b");
    private static final Pattern READ = Pattern.compile("(?:.*/)?(?:[^/]+\\.(?:py|yaml)|requirements\\.txt)");
    private static final Pattern LEFT_OUT =
            Pattern.compile("(?:.*/)?(?:\\.[^/]+|virtenv|venv|node_modules|test|testaccept)/.*");
    private static final int DEPTH = 4;
    private static final int MOST_FILES = 500;
    private static final int MOST_BYTES = 1 << 20;

    static ServiceTraits of(Path directory) throws IOException {
        boolean async = false;
        boolean tokens = false;
        for (Path file : files(directory)) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            async |= ASYNC.matcher(text).find();
            tokens |= TOKENS.matcher(text).find();
        }
        return new ServiceTraits(async, tokens);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory, DEPTH)) {
            return all.filter(file -> {
                        String name = directory.relativize(file).toString();
                        return READ.matcher(name).matches()
                                && !LEFT_OUT.matcher(name).matches();
                    })
                    .filter(file -> Files.isRegularFile(file) && file.toFile().length() <= MOST_BYTES)
                    .sorted()
                    .limit(MOST_FILES)
                    .toList();
        }
    }
}
