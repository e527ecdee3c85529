package io.jenkins.plugins.pymacaron.fuzz;

/** The properties that messages must have. */
final class Lines {
    private Lines() {}

    static void one(String message) {
        if (message == null || message.isBlank() || message.indexOf('\n') >= 0) {
            throw new IllegalStateException("not one line: " + message);
        }
    }
}
