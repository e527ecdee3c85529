package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is escaped and balanced by construction. A failed write ends with an
 * {@link UncheckedIOException}.
 */
final class Html {
    private final Writer out;
    private final Deque<String> open = new ArrayDeque<>();

    Html(Writer out) {
        this.out = out;
    }

    /** Writes a JSON text. */
    @FunctionalInterface
    interface Data {
        void writeTo(Writer out) throws IOException;
    }

    /** Opens an element. @param attributes names and values in turn; a null value leaves its attribute out */
    Html open(String tag, String... attributes) {
        start(tag, attributes);
        open.push(tag);
        return this;
    }

    Html close() {
        write("</");
        write(open.pop());
        write(">");
        return this;
    }

    Html close(int levels) {
        for (int i = 0; i < levels; i++) {
            close();
        }
        return this;
    }

    /** Adds an element with a text in it. */
    Html leaf(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** Adds an element that has no end tag. */
    Html empty(String tag, String... attributes) {
        return start(tag, attributes);
    }

    Html text(String text) {
        escape(text);
        return this;
    }

    /** Adds trusted text of the plugin: the style sheet and the script. */
    Html trusted(String ours) {
        write(ours);
        return this;
    }

    Html icon(String name) {
        return open("svg", "class", "icon", "width", "16", "height", "16", "aria-hidden", "true")
                .open("use", "href", "#i-" + name)
                .close(2);
    }

    /** Adds a JSON text that neither ends nor comments out the script element around it. */
    Html data(Data json) {
        try {
            Writer safe = new ScriptSafeWriter(out);
            json.writeTo(safe);
            safe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private Html start(String tag, String... attributes) {
        write("<");
        write(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                write(" ");
                write(attributes[i]);
                write("=\"");
                escape(attributes[i + 1]);
                write("\"");
            }
        }
        write(">");
        return this;
    }

    private void escape(String text) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            String instead = instead(text.charAt(i));
            if (instead != null) {
                write(text, from, i);
                write(instead);
                from = i + 1;
            }
        }
        write(text, from, text.length());
    }

    private static String instead(char c) {
        return switch (c) {
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '&' -> "&amp;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            case '\n', '\t' -> null;
            // HTML has no way to write the other control characters.
            default -> Character.isISOControl(c) ? "\ufffd" : null;
        };
    }

    private void write(String text) {
        write(text, 0, text.length());
    }

    private void write(String text, int from, int to) {
        try {
            out.write(text, from, to - from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks that every element is closed. */
    void end() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
    }
}
