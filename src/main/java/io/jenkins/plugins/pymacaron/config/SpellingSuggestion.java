package io.jenkins.plugins.pymacaron.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that the user meant to write. */
public final class SpellingSuggestion {
    private SpellingSuggestion() {}

    /** Returns the nearest of {@code known}, if {@code written} is near enough to be a slip. */
    public static Optional<String> of(String written, Collection<String> known) {
        if (written.length() > 100) {
            return Optional.empty();
        }
        String plain = plain(written);
        return known.stream()
                .filter(k -> distance(plain, plain(k)) <= tolerance(Math.min(plain.length(), k.length())))
                .min(Comparator.<String>comparingInt(k -> distance(plain, plain(k)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns the tolerance: short words are always near to each other. */
    private static int tolerance(int length) {
        return length < 4 ? 0 : length < 8 ? 1 : 2;
    }

    /** Removes the characters that users confuse most: dashes, capitals, dots, blanks. */
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Returns Levenshtein's distance, in which a swap of two neighbours counts as one slip too. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
