package io.jenkins.plugins.pymacaron.process;

import io.jenkins.plugins.pymacaron.process.SecretSpellings.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The table of the texts to look for, by their beginnings. The three characters that a match can begin with are in a
 * table of bits, by which a search skips nearly every position of a log at once. If they match, a tree of all ways to
 * spell a first character leads to the texts that begin with it, and only those are compared by {@link SecretSearch}.
 */
final class SecretTable {
    /** The number of characters at the beginning of a match, by which it is looked up. */
    static final int HEAD = 3;

    private static final int BITS = 7;
    private static final int LOW = (1 << BITS) - 1;
    private static final int HEADS = 1 << (HEAD * BITS);

    private final long[] heads;
    private final Node root = new Node();
    private final int reach;

    /** A node in the tree of spellings: the next characters, and the texts whose first character is complete. */
    static final class Node {
        private char[] characters = {};
        private Node[] next = {};
        private final List<Spelling[][]> texts = new ArrayList<>();

        /** Returns the node after one more character; null if no spelling continues so. */
        Node after(char c) {
            for (int i = 0; i < characters.length; i++) {
                if (characters[i] == c) {
                    return next[i];
                }
            }
            return null;
        }

        /** Returns the texts, each as the ways to spell its characters. */
        List<Spelling[][]> texts() {
            return texts;
        }

        private Node make(char c) {
            Node known = after(c);
            if (known != null) {
                return known;
            }
            Node made = new Node();
            link(c, made);
            return made;
        }

        private void link(char c, Node to) {
            characters = Arrays.copyOf(characters, characters.length + 1);
            next = Arrays.copyOf(next, next.length + 1);
            characters[characters.length - 1] = c;
            next[next.length - 1] = to;
        }
    }

    /** Makes the table. @param texts of {@value #HEAD} characters at least */
    SecretTable(Collection<String> texts) {
        heads = new long[texts.isEmpty() ? 0 : HEADS / Long.SIZE];
        Map<Integer, Spelling[]> known = new HashMap<>();
        int longest = 0;
        for (String text : texts) {
            Spelling[][] pattern = text.codePoints()
                    .mapToObj(c -> known.computeIfAbsent(
                            c, any -> SecretSpellings.of(any).toArray(Spelling[]::new)))
                    .toArray(Spelling[][]::new);
            int widest = 0;
            for (Spelling[] spellings : pattern) {
                widest += widest(spellings);
            }
            longest = Math.max(longest, widest);
            TreeSet<Integer> begins = new TreeSet<>();
            addHeads(pattern, 0, 0, 0, begins);
            begins.forEach(head -> heads[head >> 6] |= 1L << head);
            for (Spelling spelling : pattern[0]) {
                add(root, spelling, 0, pattern);
            }
        }
        reach = longest;
    }

    boolean isEmpty() {
        return heads.length == 0;
    }

    /** Returns the most characters that a match can have. */
    int reach() {
        return reach;
    }

    /** Returns the head before {@code c}, with {@code c}. */
    static int head(int before, char c) {
        return (before << BITS | c & LOW) & (HEADS - 1);
    }

    /** Returns whether a match can begin with the characters of that head. */
    boolean mayBegin(int head) {
        return (heads[head >> 6] >> head & 1) != 0;
    }

    Node root() {
        return root;
    }

    static int widest(Spelling[] spellings) {
        int widest = 0;
        for (Spelling spelling : spellings) {
            widest = Math.max(widest, spelling.text().length());
        }
        return widest;
    }

    private static boolean hasTwoCases(Spelling spelling, char c) {
        return spelling.anyCase() && Character.toLowerCase(c) != c;
    }

    private static void add(Node node, Spelling spelling, int at, Spelling[][] text) {
        if (at == spelling.text().length()) {
            node.texts.add(text);
            return;
        }
        char c = spelling.text().charAt(at);
        add(node.make(c), spelling, at + 1, text);
        if (hasTwoCases(spelling, c)) {
            add(node.make(Character.toLowerCase(c)), spelling, at + 1, text);
        }
    }

    private static void addHeads(Spelling[][] pattern, int at, int head, int length, Collection<Integer> heads) {
        if (length >= HEAD) {
            heads.add(head);
        } else if (at < pattern.length) {
            for (Spelling spelling : pattern[at]) {
                addHeads(pattern, at, spelling, 0, head, length, heads);
            }
        }
    }

    private static void addHeads(
            Spelling[][] pattern,
            int at,
            Spelling spelling,
            int from,
            int head,
            int length,
            Collection<Integer> heads) {
        if (length >= HEAD || from >= spelling.text().length()) {
            addHeads(pattern, at + 1, head, length, heads);
            return;
        }
        char c = spelling.text().charAt(from);
        addHeads(pattern, at, spelling, from + 1, head(head, c), length + 1, heads);
        if (hasTwoCases(spelling, c)) {
            addHeads(pattern, at, spelling, from + 1, head(head, Character.toLowerCase(c)), length + 1, heads);
        }
    }
}
