package io.jenkins.plugins.pymacaron;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words that CONTRIBUTING.md, "Language", keeps out of every text. */
final class UnwantedWords {
    private static final Pattern VAGUE = Pattern.compile(
            "\\b(?:somebody|someone|nobody|whoever|whichever|whatever|besides|lives)\\b", Pattern.CASE_INSENSITIVE);

    /** Other words for a rollback or an undo. */
    private static final Pattern ROLLBACK = Pattern.compile(
            "\\b(?:take|takes|taking|took|taken)(?: \\w+){0,2} back\\b|\\bway back\\b"
                    + "|\\b(?:go|goes|going|went|gone) back\\b|(?<!git )(?<!@example.org )\\brevert(?:s|ed|ing)?\\b",
            Pattern.CASE_INSENSITIVE);

    private UnwantedWords() {}

    static List<String> in(String text) {
        return Stream.of(VAGUE, ROLLBACK)
                .flatMap(words -> words.matcher(text).results())
                .map(MatchResult::group)
                .toList();
    }

    /** Returns the other words for a rollback alone. */
    static List<String> forRollback(String text) {
        return ROLLBACK.matcher(text).results().map(MatchResult::group).toList();
    }
}
