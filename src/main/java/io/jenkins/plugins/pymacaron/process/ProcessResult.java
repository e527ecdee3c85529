package io.jenkins.plugins.pymacaron.process;

/**
 * How a command ended.
 *
 * @param program its name, for messages
 * @param exitCode as the system gave it; 128 + n for one that signal n ended
 * @param output its standard output as it came, for parsing and not for a log: it is not masked
 * @param cut whether it wrote more than {@link Processes#OUTPUT_LIMIT}, of which {@code output} has the beginning
 * @param tail the last lines of output and errors together, masked, for messages
 */
public record ProcessResult(String program, int exitCode, String output, boolean cut, String tail) {

    public boolean ok() {
        return exitCode == 0;
    }

    /**
     * This, if the command succeeded and its output is complete.
     *
     * @param doing what failed otherwise, as in "building the image"
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

    /** Why it failed, on one line: its last line that says something, or its exit code. */
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
