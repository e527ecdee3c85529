package io.jenkins.plugins.pymacaron.operation;

/** Any bytes as a journal: its lines, or one line that names the file. */
public final class JournalFuzz {
    private JournalFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            JournalFormat.Read read = JournalFormat.read("a.journal", input);
            if (!read.entries().isEmpty()) {
                Journal.fold(read.entries(), "a.journal");
            }
        } catch (JournalException e) {
            if (e.getMessage() == null || !e.getMessage().contains("a.journal")) {
                throw new IllegalStateException("does not say where: " + e.getMessage(), e);
            }
        }
    }
}
