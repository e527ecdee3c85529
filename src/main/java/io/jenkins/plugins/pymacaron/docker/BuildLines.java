package io.jenkins.plugins.pymacaron.docker;

import java.util.regex.Pattern;

/** Lines of a build's output without what a builder adds to them: legacy builder, and BuildKit with --progress=plain. */
final class BuildLines {
    /** The number of the step, and the seconds since its begin. */
    private static final Pattern STEP = Pattern.compile("^(?:#\\d+ )?\\d+\\.\\d+(?: |$)");
    /** Rules, headings of steps and their states, ids, and the excerpt of the Dockerfile that BuildKit closes with. */
    private static final Pattern FRAME = Pattern.compile("-{3,}|> \\[.*|[\\w./-]*Dockerfile[\\w./-]*:\\d+|\\d+ \\|.*"
            + "|#\\d+ (?:sha256:.*|\\[.*|DONE.*|CACHED|CANCELED|transferring .*|\\.\\.\\.)"
            + "|--->.*|Step \\d+/\\d+ : .*|Sending build context .*");

    private BuildLines() {}

    /** What the program in the step wrote, or the builder itself; empty if that is nothing. */
    static String plain(String line) {
        String stripped = line.strip();
        return FRAME.matcher(stripped).matches()
                ? ""
                : STEP.matcher(stripped).replaceFirst("").strip();
    }
}
