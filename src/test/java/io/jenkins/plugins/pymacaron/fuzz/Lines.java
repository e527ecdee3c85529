package io.jenkins.plugins.pymacaron.fuzz;

/** What messages have to be. */
final class Lines {
    private Lines() {}

    static void one(String message) {
        if (message == null || message.isBlank() || message.indexOf('\n') >= 0) {
            throw new IllegalStateException("not one line: " + message);
        }
    }
}
