package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.stream.Collectors;

/** Quotes any arguments for a shell script. */
public final class ShellWords {
    private ShellWords() {}

    @NonNull
    public static String quote(@NonNull List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    @NonNull
    public static String quote(@NonNull String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
