package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;

/** Receives the place of a waiting step in the queue: for its log, and for the views of its Pipeline. */
public interface WaitingListener {
    /** Returns the log of the step. Its lines may contain links. */
    @NonNull
    TaskListener log();

    /**
     * Called in any thread, whenever the place or the holder has changed.
     *
     * @param text one line without links; it names only builds of the same job
     */
    void waits(@NonNull String text);

    /** Returns the listener of a step that only has a log. */
    static WaitingListener of(@NonNull TaskListener log) {
        return new WaitingListener() {
            @Override
            public TaskListener log() {
                return log;
            }

            @Override
            public void waits(String text) {
                // The log already has it.
            }
        };
    }
}
