package io.jenkins.plugins.pymacaron.report;

import java.util.List;

/** Limits the total size of the texts of a report; later texts are dropped when it is used up. */
final class TextBudget {
    private final long limit;
    private long left;
    private int dropped;

    TextBudget(XmlLimits limits) {
        limit = limits.allText();
        left = limit;
    }

    /** Returns the text made harmless, or nothing once the budget is used up. */
    String take(BoundedText text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        String kept = ReportSanitizer.text(text.toString());
        if (kept.length() > left) {
            dropped++;
            return "";
        }
        left -= kept.length();
        return kept;
    }

    List<String> notes() {
        return dropped == 0
                ? List.of()
                : List.of(
                        "Only the first " + HumanFormats.number(limit) + " characters of traces and outputs were kept; "
                                + HumanFormats.number(dropped) + " texts were left out.");
    }
}
