package io.jenkins.plugins.pymacaron.config;

/** Foreign text inside our sentences: one line, of bounded length, without control characters. */
final class Quote {
    private static final int LONGEST = 60;

    private Quote() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .forEach(c -> safe.appendCodePoint(harmless(c) ? c : '\uFFFD'));
        return text.codePointCount(0, text.length()) > LONGEST ? safe + "…" : safe.toString();
    }

    /** Not what could move a terminal's cursor or turn the direction of the text around. */
    private static boolean harmless(int c) {
        return !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.LINE_SEPARATOR
                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
    }
}
