package io.jenkins.plugins.pymacaron.docker;

import java.util.regex.Pattern;

/**
 * Cleans lines of a build's output from the additions of a builder: legacy builder, and BuildKit with --progress=plain.
 */
final class BuildLines {
    /** The number of the step, and the seconds since its begin. */
    private static final Pattern STEP = Pattern.compile("^(?:#\\d+ )?\\d+\\.\\d+(?: |$)");
    /**
     * Rules, headings of steps and their states, ids, and the excerpt of the Dockerfile at the end of BuildKit's
     * output.
     */
    private static final Pattern FRAME = Pattern.compile("-{3,}|> \\[.*|[\\w./-]*Dockerfile[\\w./-]*:\\d+|\\d+ \\|.*"
            + "|#\\d+ (?:sha256:.*|\\[.*|DONE.*|CACHED|CANCELED|transferring .*|\\.\\.\\.)"
            + "|--->.*|Step \\d+/\\d+ : .*|Sending build context .*");

    private BuildLines() {}

    /** Returns the text of the program in the step, or of the builder itself; empty if there is none. */
    static String plain(String line) {
        String stripped = line.strip();
        return FRAME.matcher(stripped).matches()
                ? ""
                : STEP.matcher(stripped).replaceFirst("").strip();
    }
}
