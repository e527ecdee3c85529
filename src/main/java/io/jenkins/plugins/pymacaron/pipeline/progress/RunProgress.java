package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.time.Duration;
import java.util.Collection;

/** Is told what a run does, as it does it. Called from one thread at a time. */
public interface RunProgress {
    /** A line of output, masked, without its end. */
    void line(String text);

    /** A line of the story itself, not of the output of a stage. */
    void say(String text);

    /** Something that goes well but that the user should know of. */
    void warning(String text);

    void started(Stage stage);

    /** @param note what came of it, for instance "12 tests passed"; may be empty */
    void passed(Stage stage, Duration took, String note);

    void skipped(Stage stage, String why);

    void failed(Stage stage, Duration took, String why);

    /** Shows none of these from now on. */
    default void hide(Collection<String> secrets) {}

    /** The text as it may leave this process, by this way or another. */
    default String masked(String text) {
        return text;
    }
}
