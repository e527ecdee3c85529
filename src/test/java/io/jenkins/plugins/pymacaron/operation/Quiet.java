package io.jenkins.plugins.pymacaron.operation;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the stack traces of intended defects out of the test's output. */
final class Quiet {
    private static final Logger LOGGER = Logger.getLogger(Run.class.getPackageName());

    private Quiet() {}

    static void please() {
        LOGGER.setLevel(Level.OFF);
    }
}
