package io.jenkins.plugins.pymacaron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rooms and arrows that a picture in docs/architecture.md draws, so that the picture itself is the rule. */
final class Picture {
    /** The form {@code image["text"] --> docker}. */
    private static final Pattern ARROW = Pattern.compile("(\\w+)(?:\\[\"[^\"]*\"])? --> (\\w+)(?:\\[\"[^\"]*\"])?");

    private final Map<String, Set<String>> arrows = new HashMap<>();

    private Picture(String drawing) {
        Matcher arrow = ARROW.matcher(drawing);
        while (arrow.find()) {
            arrows.computeIfAbsent(arrow.group(1), from -> new HashSet<>()).add(arrow.group(2));
        }
        if (arrows.isEmpty()) {
            throw new IllegalStateException("no arrow in: " + drawing);
        }
    }

    /** @param heading the line above the first picture below it */
    static Picture under(String heading) {
        try {
            String page = Files.readString(Path.of("docs", "architecture.md"));
            String below = page.substring(("\n" + page).indexOf("\n" + heading + "\n"));
            return new Picture(below.split("```mermaid\n", 2)[1].split("```", 2)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the ends of the arrows that begin there. */
    Set<String> arrowsFrom(String from) {
        return arrows.getOrDefault(from, Set.of());
    }

    /** Returns whether there is an arrow, perhaps through other rooms. */
    boolean mayUse(String from, String to) {
        return from.equals(to) || arrows.getOrDefault(from, Set.of()).stream().anyMatch(next -> mayUse(next, to));
    }
}
