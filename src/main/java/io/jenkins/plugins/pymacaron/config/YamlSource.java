package io.jenkins.plugins.pymacaron.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of a file into text that YAML allows, or reports the place of those that it does not allow. */
final class YamlSource {
    /** A configuration has a hundred lines; a larger file is something else. */
    static final int LARGEST = 256 * 1024;

    private YamlSource() {}

    static String read(String file, byte[] content) throws ConfigException {
        Problems problems = new Problems(file);
        if (content.length > LARGEST) {
            problems.error(
                    FilePosition.NONE,
                    "the file is larger than " + LARGEST / 1024 + " KiB",
                    "Keep only the configuration in it.");
            problems.throwIfErrors();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer decoded = CharBuffer.allocate(content.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), decoded, true);
        String text = decoded.flip().toString();
        int bad = firstUnprintable(text);
        if (bad >= 0) {
            String found = String.format("U+%04X", text.codePointAt(bad));
            problems.error(
                    position(text, bad),
                    "the character " + found + " is not allowed in YAML",
                    "This may be no text file; otherwise remove the character.");
        } else if (result.isError()) {
            problems.error(
                    position(text, text.length()),
                    "the bytes from here on are not UTF-8",
                    "Save the file as UTF-8 text.");
        }
        problems.throwIfErrors();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Returns the index of the first character outside of YAML 1.1's c-printable; -1 if there is none. */
    private static int firstUnprintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            boolean printable = c == '\t'
                    || c == '\n'
                    || c == '\r'
                    || c == 0x85
                    || (c >= ' ' && c <= '~')
                    || (c >= 0xA0 && c <= 0xD7FF)
                    || (c >= 0xE000 && c <= 0xFFFD)
                    || c >= 0x10000;
            if (!printable) {
                return i;
            }
        }
        return -1;
    }

    private static FilePosition position(String text, int index) {
        String before = text.substring(0, index);
        int line = (int) before.chars().filter(c -> c == '\n').count();
        int start = before.lastIndexOf('\n') + 1;
        return new FilePosition(line + 1, before.codePointCount(start, index) + 1);
    }
}
