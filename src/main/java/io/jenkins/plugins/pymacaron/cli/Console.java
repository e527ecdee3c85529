package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.io.PrintWriter;

/** Shows a run to the user. */
interface Console extends RunProgress, AutoCloseable {
    /** Returns a console. @param everything shows each line of output also on a terminal */
    static Console on(PrintWriter out, boolean everything) {
        boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
        return terminal && !everything ? new TerminalConsole(out) : new PlainConsole(out);
    }

    @Override
    void close();
}
