package io.jenkins.plugins.pymacaron.accept;

import java.util.List;

/**
 * The lines of a container's log that say why it ended. gunicorn closes with tracebacks of its own, of varying length,
 * behind the one of the service.
 */
public final class LastWords {
    /** How many of the last lines of a log are to be read. */
    public static final int READ = 400;

    private static final int KEPT = 40;
    private static final String OF_THE_SERVICE = "Exception in worker process";

    private LastWords() {}

    /** @param log its last {@link #READ} lines */
    public static List<String> of(List<String> log) {
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).contains(OF_THE_SERVICE)) {
                return log.subList(i, Math.min(log.size(), i + KEPT));
            }
        }
        return log.subList(Math.max(0, log.size() - KEPT), log.size());
    }
}
