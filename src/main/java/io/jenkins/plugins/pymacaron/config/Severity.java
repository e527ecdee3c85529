package io.jenkins.plugins.pymacaron.config;

/** Tells whether a {@link Problem} stops a deployment. */
public enum Severity {
    ERROR,
    WARNING
}
