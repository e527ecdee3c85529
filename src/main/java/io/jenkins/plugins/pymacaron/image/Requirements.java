package io.jenkins.plugins.pymacaron.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that pip needs to install the dependencies before the source is there.
 *
 * @param files requirements.txt and the files that it and they include, relative to the service's directory
 * @param editable whether one of them is installed in editable mode, as a link to its source
 * @param selfContained false if a requirement is a directory or file of the project, so that the source must come first
 */
record Requirements(Set<String> files, boolean editable, boolean selfContained) {
    static final String MAIN = "requirements.txt";

    /** "-r file", "-rfile", "--requirement=file", "-c file" … (pip's documentation, "Requirements File Format"). */
    private static final Pattern INCLUDE =
            Pattern.compile("(?:-r|-c|--requirement|--constraint)(?:\\s+|\\s*=\\s*|(?<=-[rc]))(\\S.*)");

    private static final Pattern PATH =
            Pattern.compile("(?:(?:-e|--editable)[\\s=]+)?(?:\\.|\\.?\\.?/|file:|[\\w.-]+/)\\S*|.*@\\s*file:.*");

    /** pip takes the beginning of an option that begins no other, and an option behind another one. */
    private static final Pattern EDITABLE = Pattern.compile("(?:^|\\s)(?:-e|--ed)");

    static Requirements of(Path directory) throws IOException {
        Set<String> files = new TreeSet<>();
        boolean editable = false;
        boolean selfContained = true;
        List<String> open = new ArrayList<>(List.of(MAIN));
        while (!open.isEmpty()) {
            String name = open.remove(0);
            Path file = directory.resolve(name).normalize();
            if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
                // pip reports the fault, when all files are there.
                selfContained = false;
                continue;
            }
            if (!files.add(name)) {
                continue;
            }
            for (String raw : Files.readString(file).lines().toList()) {
                String line = raw.replaceFirst("(^|\\s)#.*", "").strip();
                editable |= EDITABLE.matcher(line).find();
                Matcher include = INCLUDE.matcher(line);
                if (include.matches() && !include.group(1).contains("://")) {
                    Path included =
                            file.resolveSibling(include.group(1).strip()).normalize();
                    open.add(directory.relativize(included).toString());
                } else if (PATH.matcher(line).matches()) {
                    selfContained = false;
                }
            }
        }
        return new Requirements(files, editable, selfContained);
    }
}
