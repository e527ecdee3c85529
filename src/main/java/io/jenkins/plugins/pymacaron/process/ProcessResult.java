package io.jenkins.plugins.pymacaron.process;

/**
 * The result of a command.
 *
 * @param program its name, for messages
 * @param exitCode from the system; 128 + n for one that signal n ended
 * @param output its unchanged standard output, for parsing and not for a log: it is not masked
 * @param cut whether it wrote more than {@link Processes#OUTPUT_LIMIT}; {@code output} then has the beginning
 * @param tail the last lines of output and errors together, masked, for messages
 */
public record ProcessResult(String program, int exitCode, String output, boolean cut, String tail) {

    public boolean ok() {
        return exitCode == 0;
    }

    /**
     * Returns this result, if the command succeeded and its output is complete.
     *
     * @param doing the action for the message, as in "building the image"
     */
    public ProcessResult orThrow(String doing) throws CommandFailedException {
        if (exitCode != 0) {
            throw new CommandFailedException(doing + " failed: " + reason(), exitCode, tail);
        }
        if (cut) {
            throw new CommandFailedException(
                    doing + " failed: " + program + " wrote more than can be read", exitCode, tail);
        }
        return this;
    }

    /** Returns the reason of the failure, on one line: the last line with a text, or the exit code. */
    public String reason() {
        String last = tail.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((before, line) -> line)
                .orElse("");
        String code = exitCode > 128 && exitCode <= 128 + 64
                ? program + " was ended by signal " + (exitCode - 128)
                : program + " exited with " + exitCode;
        return last.isEmpty() ? code : code + ": " + last;
    }
}
