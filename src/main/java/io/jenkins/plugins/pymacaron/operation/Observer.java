package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.util.Map;

/**
 * Reads the outside world while an operation waits.
 *
 * @param name the thing that is read, for the log: "Elastic Beanstalk in eu-west-1"
 * @param pace how often it is read; slower while nothing changes
 */
public record Observer(String name, Reader reader, Backoff pace) {
    /** Reads one subject. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Returns the facts of the subject.
         *
         * @throws IOException when it cannot be read now; it is tried again later
         */
        Map<String, String> read(Subject subject) throws IOException, InterruptedException;
    }
}
