package io.jenkins.plugins.pymacaron.process;

import io.jenkins.plugins.pymacaron.process.Spellings.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replaces secrets by {@value #STARS} wherever they stand in a text: as they are, in any mixture of the spellings of
 * {@link Spellings}, in base64 at each of its three alignments (so also inside {@code user:password}) and in both of
 * its alphabets, wrapped or not; and each line of a secret of several lines for itself, since that is how it reaches a
 * log.
 *
 * <p>Where secrets overlap, everything that belongs to any of them goes. Values of fewer than {@value #SHORTEST}
 * characters are not masked, nor are such lines of longer values: they would take half of every log with them and
 * would themselves be told by the gaps. In base64 one character at either end can remain, which has at most four of a
 * secret's bits.
 */
public final class SecretMask {
    public static final String STARS = "****";
    /** Fewest characters of a value that is masked. */
    public static final int SHORTEST = 3;
    /** Hides nothing. */
    public static final SecretMask NONE = new SecretMask(Set.of());

    private static final int SHORTEST_BASE64 = 3;
    private static final int SHORTEST_ESCAPED_LINE = 16;
    private static final List<Integer> BASE64_COLUMNS = List.of(76, 64);

    /** Patterns by the first character of each way to spell their own first character. */
    private final Map<Character, List<List<List<Spelling>>>> byFirst = new HashMap<>();

    private final int reach;

    public SecretMask(Collection<String> values) {
        Set<String> texts = new TreeSet<>();
        values.forEach(value -> addForms(value, texts));
        Map<Integer, List<Spelling>> known = new HashMap<>();
        int longest = 0;
        for (String text : texts) {
            List<List<Spelling>> pattern = text.codePoints()
                    .mapToObj(c -> known.computeIfAbsent(c, Spellings::of))
                    .toList();
            longest = Math.max(
                    longest, pattern.stream().mapToInt(SecretMask::widest).sum());
            Set<Character> first = new TreeSet<>();
            for (Spelling spelling : pattern.get(0)) {
                first.add(spelling.text().charAt(0));
            }
            first.forEach(
                    c -> byFirst.computeIfAbsent(c, any -> new ArrayList<>()).add(pattern));
        }
        reach = longest;
    }

    private static int widest(List<Spelling> spellings) {
        return spellings.stream().mapToInt(s -> s.text().length()).max().orElse(0);
    }

    /** The most characters that one secret can take up in a text. */
    public int reach() {
        return reach;
    }

    public String mask(String text) {
        return byFirst.isEmpty() ? text : masked(text, text.length());
    }

    /** The first {@code limit} characters of {@code text}, masked with a view of all of it. */
    String masked(CharSequence text, int limit) {
        StringBuilder result = new StringBuilder();
        int hidden = 0;
        for (int i = 0; i < Math.min(limit, text.length()); i++) {
            int end = longestAt(text, i);
            if (end > hidden) {
                if (i >= hidden) {
                    result.append(STARS);
                }
                hidden = end;
            }
            if (i >= hidden) {
                result.append(text.charAt(i));
            }
        }
        return result.toString();
    }

    private int longestAt(CharSequence text, int from) {
        int longest = 0;
        for (List<List<Spelling>> pattern : byFirst.getOrDefault(text.charAt(from), List.of())) {
            longest = Math.max(longest, end(pattern, text, from));
        }
        return longest;
    }

    /** Where the longest match of {@code pattern} that starts at {@code from} ends, or 0. All ways are followed. */
    private static int end(List<List<Spelling>> pattern, CharSequence text, int from) {
        return end(pattern, 0, text, from);
    }

    private static int end(List<List<Spelling>> pattern, int start, CharSequence text, int from) {
        int position = from;
        for (int i = start; i < pattern.size(); i++) {
            int only = -1;
            int longest = 0;
            for (Spelling spelling : pattern.get(i)) {
                if (!spelling.at(text, position)) {
                    continue;
                }
                int next = position + spelling.text().length();
                if (only < 0) {
                    only = next;
                } else if (next != only) {
                    // Rare: a character that begins its own escape, as % does. One way is followed here, one below.
                    longest = Math.max(longest, end(pattern, i + 1, text, Math.max(only, next)));
                    only = Math.min(only, next);
                }
            }
            if (longest > 0 || only < 0) {
                return Math.max(longest, only < 0 ? 0 : end(pattern, i + 1, text, only));
            }
            position = only;
        }
        return position;
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
        // What remains of it in a log line that was tamed; see LogLines.
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
        // The value for itself, and as the beginning of something, such as a line.
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

    /** The characters that the base64 of any text has that holds {@code bytes} after {@code before} (mod 3) others. */
    private static String base64Core(byte[] bytes, int before) {
        byte[] padded = new byte[before + bytes.length + 3];
        System.arraycopy(bytes, 0, padded, before, bytes.length);
        String all = Base64.getEncoder().encodeToString(padded);
        int first = (before * 8 + 5) / 6;
        int last = (before + bytes.length) * 8 / 6;
        return last > first ? all.substring(first, last) : "";
    }
}
