package io.jenkins.plugins.pymacaron.config;

/**
 * What is kept after a deployment.
 *
 * @param images how many of our older images stay on the machine that builds
 * @param deployments how many earlier deployments stay ready to go back to
 * @param keepFailed whether a candidate that failed stays, to be looked at
 */
public record Retention(int images, int deployments, boolean keepFailed) {}
