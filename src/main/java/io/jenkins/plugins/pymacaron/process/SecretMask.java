package io.jenkins.plugins.pymacaron.process;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replaces secrets by {@value #STARS} everywhere in a text: in their plain form, in any mixture of the spellings of
 * {@link SecretSpellings}, in base64 at each of its three alignments (so also inside {@code user:password}) and in both
 * of its alphabets, wrapped or not. Each line of a secret of several lines is replaced by itself, since a log gets it
 * line by line.
 *
 * <p>If secrets overlap, everything that belongs to any of them is replaced. Values of fewer than {@value #SHORTEST}
 * characters are not masked, nor are such lines of longer values: they would hide half of every log, and the gaps would
 * show them. In base64 one character at either end can remain, which has at most four of a secret's bits.
 */
public final class SecretMask {
    public static final String STARS = "****";
    /** The fewest characters of a value that is masked. */
    public static final int SHORTEST = 3;
    /** A mask that hides nothing. */
    public static final SecretMask NONE = new SecretMask(Set.of());

    private static final int SHORTEST_BASE64 = 3;
    private static final int SHORTEST_ESCAPED_LINE = 16;
    private static final List<Integer> BASE64_COLUMNS = List.of(76, 64);

    private final SecretTable table;

    public SecretMask(Collection<String> values) {
        table = new SecretTable(forms(values));
    }

    /** Returns the texts to look for; each character is looked for in all of its spellings. */
    static Set<String> forms(Collection<String> values) {
        Set<String> texts = new TreeSet<>();
        values.forEach(value -> addForms(value, texts));
        return texts;
    }

    /** Returns the most characters that one secret can use in a text. */
    public int reach() {
        return table.reach();
    }

    public String mask(String text) {
        return masked(text, text.length());
    }

    /** Returns the first {@code limit} characters of {@code text}, masked with a view of all of it. */
    String masked(String text, int limit) {
        int length = text.length();
        if (table.isEmpty() || length < SecretTable.HEAD) {
            return limit >= length ? text : text.substring(0, limit);
        }
        SecretSearch search = null;
        StringBuilder result = null;
        int hidden = 0;
        int head = SecretTable.head(SecretTable.head(0, text.charAt(0)), text.charAt(1));
        for (int i = 0; i < limit && i + 2 < length; i++) {
            head = SecretTable.head(head, text.charAt(i + 2));
            if (!table.mayBegin(head)) {
                continue;
            }
            if (search == null) {
                search = new SecretSearch(table, text);
            }
            int end = search.end(i);
            if (end > hidden) {
                if (result == null) {
                    result = new StringBuilder(limit + STARS.length());
                }
                if (i >= hidden) {
                    result.append(text, hidden, i).append(STARS);
                }
                hidden = end;
            }
        }
        if (result == null) {
            return limit >= length ? text : text.substring(0, limit);
        }
        return hidden >= limit
                ? result.toString()
                : result.append(text, hidden, Math.min(limit, length)).toString();
    }

    private static void addForms(String value, Set<String> texts) {
        add(value, SHORTEST, texts);
        value.lines().forEach(line -> add(line.strip(), SHORTEST, texts));
        // A key within JSON, whose lines a program prints one by one.
        for (String line : value.split("\\\\n|\\R")) {
            add(line.strip(), SHORTEST_ESCAPED_LINE, texts);
        }
    }

    private static void add(String value, int shortest, Set<String> texts) {
        if (value.codePointCount(0, value.length()) < shortest) {
            return;
        }
        texts.add(value);
        // The rest of the value in a sanitized log line; see LogLines.
        String tamed = LogLines.tame(value);
        if (tamed.length() >= shortest) {
            texts.add(tamed);
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            String core = base64Core(bytes, before);
            if (core.length() >= SHORTEST_BASE64) {
                texts.add(core);
            }
        }
        // The value by itself, and as the beginning of a longer text, such as a line.
        for (String whole : List.of(Base64.getEncoder().encodeToString(bytes), base64Core(bytes, 0))) {
            texts.add(whole);
            for (int columns : BASE64_COLUMNS) {
                for (int at = 0; whole.length() > columns && at < whole.length(); at += columns) {
                    String line = whole.substring(at, Math.min(whole.length(), at + columns));
                    if (line.length() >= SHORTEST_BASE64) {
                        texts.add(line);
                    }
                }
            }
        }
    }

    /**
     * Returns the characters that are in the base64 of every text that contains {@code bytes} after {@code before} (mod
     * 3) other bytes.
     */
    private static String base64Core(byte[] bytes, int before) {
        byte[] padded = new byte[before + bytes.length + 3];
        System.arraycopy(bytes, 0, padded, before, bytes.length);
        String all = Base64.getEncoder().encodeToString(padded);
        int first = (before * 8 + 5) / 6;
        int last = (before + bytes.length) * 8 / 6;
        return last > first ? all.substring(first, last) : "";
    }
}
