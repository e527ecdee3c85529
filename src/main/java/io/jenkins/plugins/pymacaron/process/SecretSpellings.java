package io.jenkins.plugins.pymacaron.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The ways in which programs write one character of a secret: itself, percent-encoded (RFC 3986), as a form field,
 * escaped in JSON (once, or JSON within JSON), in a shell's quotes, in Python's, as an XML entity. Each character has
 * its own spellings, which covers every mixture, since no two libraries agree on the characters that need escaping.
 */
final class SecretSpellings {
    private static final String SHORT_ESCAPES = "\b\f\n\r\t\"\\/'";
    private static final String SHORT_LETTERS = "bfnrt\"\\/'";

    /**
     * One way to write a character.
     *
     * @param anyCase whether upper and lower case mean the same, as in hexadecimal digits
     */
    record Spelling(String text, boolean anyCase) {
        boolean at(CharSequence line, int from) {
            if (from + text.length() > line.length()) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                char c = line.charAt(from + i);
                if (c != text.charAt(i) && !(anyCase && Character.toUpperCase(c) == text.charAt(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private SecretSpellings() {}

    static List<Spelling> of(int character) {
        String plain = Character.toString(character);
        List<Spelling> all = new ArrayList<>();
        all.add(new Spelling(plain, false));
        StringBuilder percent = new StringBuilder();
        StringBuilder hex = new StringBuilder();
        StringBuilder octal = new StringBuilder();
        for (byte b : plain.getBytes(StandardCharsets.UTF_8)) {
            percent.append(String.format(Locale.ROOT, "%%%02X", b));
            hex.append(String.format(Locale.ROOT, "\\X%02X", b));
            octal.append('\\').append(String.format(Locale.ROOT, "%03o", b & 0xff));
        }
        StringBuilder unicode = new StringBuilder();
        plain.chars().forEach(unit -> unicode.append(String.format(Locale.ROOT, "\\U%04X", unit)));
        all.add(new Spelling(percent.toString(), true));
        all.add(new Spelling(hex.toString(), true));
        all.add(new Spelling(unicode.toString(), true));
        all.add(new Spelling('\\' + unicode.toString(), true));
        if (character > '~' || !Character.isLetterOrDigit(character)) {
            all.add(new Spelling(octal.toString(), false));
            escapes(character, plain).forEach(text -> all.add(new Spelling(text, false)));
            all.add(new Spelling("&#" + character + ";", false));
            all.add(new Spelling(String.format(Locale.ROOT, "&#X%X;", character), true));
        }
        return List.copyOf(all);
    }

    private static List<String> escapes(int character, String plain) {
        List<String> all = new ArrayList<>(List.of("\\" + plain));
        int known = SHORT_ESCAPES.indexOf(character);
        if (known >= 0) {
            String once = "\\" + SHORT_LETTERS.charAt(known);
            all.add(once);
            all.add(once.replace("\\", "\\\\").replace("\"", "\\\""));
        }
        switch (character) {
            case ' ' -> all.add("+");
            case '\'' -> all.addAll(List.of("'\\''", "'\"'\"'", "&apos;"));
            case '"' -> all.add("&quot;");
            case '&' -> all.add("&amp;");
            case '<' -> all.add("&lt;");
            case '>' -> all.add("&gt;");
            // The other alphabet of base64 (RFC 4648, section 5).
            case '+' -> all.add("-");
            case '/' -> all.add("_");
            default -> {}
        }
        return all;
    }
}
