package io.jenkins.plugins.pymacaron.config;

/** Prepares foreign text for our sentences: one line, of bounded length, without control characters. */
final class QuotedText {
    private static final int LONGEST = 60;

    private QuotedText() {}

    static String of(String text) {
        return of(text, LONGEST);
    }

    static String of(String text, int longest) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(longest).forEach(c -> safe.appendCodePoint(harmless(c) ? c : '\uFFFD'));
        return text.codePointCount(0, text.length()) > longest ? safe + "…" : safe.toString();
    }

    /**
     * Returns whether the character is harmless: it cannot move a terminal's cursor or change the direction of the
     * text.
     */
    static boolean harmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
