package io.jenkins.plugins.pymacaron.pipeline;

import java.time.Duration;

/** Tells nobody. */
public class SilentProgress implements Progress {
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
