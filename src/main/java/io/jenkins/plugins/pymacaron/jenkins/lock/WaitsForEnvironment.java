package io.jenkins.plugins.pymacaron.jenkins.lock;

/** A step that may wait for its turn, and does nothing else meanwhile. */
public interface WaitsForEnvironment {
    boolean isWaitingForEnvironment();
}
