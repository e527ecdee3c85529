package io.jenkins.plugins.pymacaron.report;

import java.util.function.UnaryOperator;

/**
 * Hides secrets in a text that is read, before anything is cut: a cut through a secret would leave one part of it.
 *
 * @param mask replaces secrets in a text
 * @param reach the most characters that one secret can use
 */
public record TextMask(UnaryOperator<String> mask, int reach) {
    public static final TextMask NONE = new TextMask(UnaryOperator.identity(), 0);
}
