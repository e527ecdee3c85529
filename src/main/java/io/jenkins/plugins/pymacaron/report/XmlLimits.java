package io.jenkins.plugins.pymacaron.report;

/**
 * The limits of a test report. Tests are foreign code, so their reports count as hostile.
 *
 * @param bytes of a file; more is refused
 * @param cases of a file; more is refused, since a case that is left out could be the one that failed
 * @param text characters kept of one message, trace or output: its beginning and its end
 * @param allText characters kept of all of them together
 * @param depth of nested elements; more is refused
 */
public record XmlLimits(long bytes, int cases, int text, long allText, int depth) {
    public static final XmlLimits DEFAULT = new XmlLimits(64L << 20, 100_000, 32 << 10, 16L << 20, 64);
}
