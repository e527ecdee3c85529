package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.time.Duration;

/** Reports nothing. */
public class SilentProgress implements RunProgress {
    @Override
    public void line(String text) {}

    @Override
    public void say(String text) {}

    @Override
    public void warning(String text) {}

    @Override
    public void started(Stage stage) {}

    @Override
    public void passed(Stage stage, Duration took, String note) {}

    @Override
    public void skipped(Stage stage, String why) {}

    @Override
    public void failed(Stage stage, Duration took, String why) {}
}
