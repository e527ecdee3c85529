package io.jenkins.plugins.pymacaron.process;

import io.jenkins.plugins.pymacaron.process.SecretSpellings.Spelling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Searches a text once for the texts of a {@link SecretTable}. If the text can be read in one way only, a search costs
 * no more than the match. If a character begins its own escape, as % and the backslash do, all readings from all
 * positions are followed in parallel, each position of the text once. So the time is linear in the length of any text.
 */
final class SecretSearch {
    private static final int NONE = Integer.MAX_VALUE;

    private final SecretTable table;
    private final CharSequence text;
    /** The position up to which those texts have been followed from all starts. */
    private final Map<Spelling[][], Integer> followed = new IdentityHashMap<>();
    /** The matches that were found in that way: end by start. */
    private final Map<Integer, Integer> found = new HashMap<>();

    SecretSearch(SecretTable table, CharSequence text) {
        this.table = table;
        this.text = text;
    }

    /**
     * Returns the end of a match; call it from left to right. A match within another one may be left out.
     *
     * @return the end of the longest match that begins at {@code from}, or 0
     */
    int end(int from) {
        int longest = 0;
        SecretTable.Node node = table.root();
        for (int at = from; at < text.length(); at++) {
            node = node.after(text.charAt(at));
            if (node == null) {
                break;
            }
            for (Spelling[][] pattern : node.texts()) {
                longest = Math.max(longest, end(pattern, from));
            }
        }
        return found.isEmpty() ? longest : Math.max(longest, found.getOrDefault(from, 0));
    }

    private int end(Spelling[][] pattern, int from) {
        if (!followed.isEmpty() && from < followed.getOrDefault(pattern, 0)) {
            return 0;
        }
        int end = only(pattern, from);
        if (end < 0) {
            followed.put(pattern, follow(pattern, from));
        }
        return end;
    }

    /** Returns the end of the only matching reading, 0 if there is none, -1 if there may be several. */
    private int only(Spelling[][] pattern, int from) {
        int position = from;
        for (Spelling[] spellings : pattern) {
            int only = -1;
            for (Spelling spelling : spellings) {
                if (spelling.at(text, position)) {
                    int next = position + spelling.text().length();
                    if (only >= 0 && next != only) {
                        return -1;
                    }
                    only = next;
                }
            }
            if (only < 0) {
                return 0;
            }
            position = only;
        }
        return position;
    }

    /**
     * Notes the first start by which each position of the text is reached after each number of the pattern's
     * characters, in as many rows as the widest spelling has characters.
     *
     * @return the position up to which all starts have been followed
     */
    private int follow(Spelling[][] pattern, int from) {
        int widest = 0;
        for (Spelling[] spellings : pattern) {
            widest = Math.max(widest, SecretTable.widest(spellings));
        }
        int[][] starts = new int[widest + 1][pattern.length + 1];
        for (int[] row : starts) {
            Arrays.fill(row, NONE);
        }
        int last = from;
        for (int at = from; at <= last; at++) {
            int[] here = starts[at % starts.length];
            here[0] = at;
            for (int i = 0; i < pattern.length; i++) {
                if (here[i] == NONE) {
                    continue;
                }
                for (Spelling spelling : pattern[i]) {
                    if (spelling.at(text, at)) {
                        int next = at + spelling.text().length();
                        int[] there = starts[next % starts.length];
                        there[i + 1] = Math.min(there[i + 1], here[i]);
                        last = Math.max(last, next);
                    }
                }
            }
            if (here[pattern.length] != NONE) {
                found.merge(here[pattern.length], at, Math::max);
            }
            Arrays.fill(here, NONE);
        }
        return last + 1;
    }
}
