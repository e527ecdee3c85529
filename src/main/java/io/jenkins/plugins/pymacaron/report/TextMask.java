package io.jenkins.plugins.pymacaron.report;

import java.util.function.UnaryOperator;

/**
 * Hides secrets in what is read, before anything is cut: of a secret that lies across a cut, one part would remain.
 *
 * @param mask replaces secrets in a text
 * @param reach the most characters that one secret can take up
 */
public record TextMask(UnaryOperator<String> mask, int reach) {
    public static final TextMask NONE = new TextMask(UnaryOperator.identity(), 0);
}
