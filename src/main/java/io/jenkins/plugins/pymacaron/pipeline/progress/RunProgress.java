package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.time.Duration;
import java.util.Collection;

/** Is told of the events of a run as they happen. One thread at a time calls it. */
public interface RunProgress {
    /** Reports a line of output, masked, without its line end. */
    void line(String text);

    /** Reports a line of the run itself, not of the output of a stage. */
    void say(String text);

    /** Reports a fact that is no failure but that the user should know. */
    void warning(String text);

    void started(Stage stage);

    /**
     * Reports that a stage passed.
     *
     * @param note a summary of the result, for instance "12 tests passed"; may be empty
     */
    void passed(Stage stage, Duration took, String note);

    void skipped(Stage stage, String why);

    void failed(Stage stage, Duration took, String why);

    /** Hides these secrets from now on. */
    default void hide(Collection<String> secrets) {}

    /** Returns the text in a form that may leave this process in any way. */
    default String masked(String text) {
        return text;
    }
}
