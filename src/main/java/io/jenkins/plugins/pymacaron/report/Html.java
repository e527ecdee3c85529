package io.jenkins.plugins.pymacaron.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Builds HTML that is escaped and balanced by construction. */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element. @param attributes names and values in turn; a null value leaves its attribute out */
    Html open(String tag, String... attributes) {
        start(tag, attributes);
        open.push(tag);
        return this;
    }

    Html close() {
        out.append("</").append(open.pop()).append('>');
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

    /** Adds trusted text of the plugin: the style sheet, the script, the data that {@link #json} made harmless. */
    Html trusted(String ours) {
        out.append(ours);
        return this;
    }

    Html icon(String name) {
        return open("svg", "class", "icon", "width", "16", "height", "16", "aria-hidden", "true")
                .open("use", "href", "#i-" + name)
                .close(2);
    }

    /** Returns a JSON text that neither ends nor comments out the script element around it. */
    static String json(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private Html start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(attributes[i + 1]);
                out.append('"');
            }
        }
        out.append('>');
        return this;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(c);
                // HTML has no way to write the other control characters.
                default -> out.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}
