package io.jenkins.plugins.pymacaron.jenkins.run;

import hudson.model.InvisibleAction;

/**
 * Marks a build whose actions {@code pymacaronDeploy} decides, and which has already looked for pauses of its
 * environments.
 */
public final class OrderedBuild extends InvisibleAction {}
