package io.jenkins.plugins.pymacaron.accept;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Recognises lines of a test run that are left out of the log: each passed case, which pytest names if a project sets -v or
 * -rA although the result counts them; and the path of the report, which is removed before a user reads the log.
 */
final class PassedCaseLines {
    /** The forms that _pytest/terminal.py and xdist write. */
    private static final List<Pattern> LINES = List.of(
            Pattern.compile("\\S+::.* PASSED(?: +\\[.*]| +[\\d.]+m?s)? *"),
            Pattern.compile("\\[gw\\d+](?: \\[.{1,12}])? PASSED \\S+::.*"),
            Pattern.compile("PASSED \\S+::.*"),
            Pattern.compile("-* ?generated xml file: .*"));

    private PassedCaseLines() {}

    static boolean include(String line) {
        return LINES.stream().anyMatch(pattern -> pattern.matcher(line).matches());
    }
}
