package io.jenkins.plugins.pymacaron.process;

/**
 * Replaces paths of files in a private checkout by their paths in the repository. The checkout is removed before a user
 * reads the log.
 */
public final class CheckoutPaths {
    /** The beginning of the name of a directory that holds a checkout; digits follow. */
    public static final String HOME = "pymacaron-source";
    /** The name of the checkout in that directory. */
    public static final String DIRECTORY = "source";

    private static final String BEGIN = "/" + HOME;
    private static final String END = "/" + DIRECTORY;

    private CheckoutPaths() {}

    /** Returns the text with such paths replaced; the root of the repository becomes a dot. */
    public static String shown(String text) {
        int found = text.indexOf(BEGIN);
        if (found < 0) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        int done = 0;
        for (; found >= 0; found = text.indexOf(BEGIN, found + 1)) {
            int end = end(text, found);
            if (end < 0 || found < done) {
                continue;
            }
            shown.append(text, done, begin(text, found, done));
            boolean inside = end + 1 < text.length() && text.charAt(end) == '/' && isOfPath(text.charAt(end + 1));
            if (!inside) {
                shown.append('.');
            }
            done = end < text.length() && text.charAt(end) == '/' ? end + 1 : end;
        }
        return shown.append(text, done, text.length()).toString();
    }

    /** Returns the end of the path of the checkout; -1 if this is none. */
    private static int end(String text, int found) {
        int at = found + BEGIN.length();
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        int end = at + END.length();
        return text.startsWith(END, at) && isWhole(text, end) ? end : -1;
    }

    private static boolean isWhole(String text, int end) {
        boolean extended = end + 1 < text.length() && text.charAt(end) == '.' && isOfName(text.charAt(end + 1));
        return end >= text.length() || !isOfName(text.charAt(end)) && !extended;
    }

    private static int begin(String text, int found, int done) {
        int begin = found;
        while (begin > done && isOfPath(text.charAt(begin - 1))) {
            begin--;
        }
        return begin;
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static boolean isOfPath(char c) {
        return !Character.isWhitespace(c) && "\"'`:,;()<>=[]{}|".indexOf(c) < 0;
    }
}
