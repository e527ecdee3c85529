package io.jenkins.plugins.pymacaron.config;

/** Whether a {@link Problem} stops a deployment. */
public enum Severity {
    ERROR,
    WARNING
}
