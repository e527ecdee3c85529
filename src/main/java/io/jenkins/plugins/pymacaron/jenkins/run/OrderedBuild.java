package io.jenkins.plugins.pymacaron.jenkins.run;

import hudson.model.InvisibleAction;

/** Says of a build that {@code pymacaronDeploy} decides what it does, and has looked for pauses where it is going. */
public final class OrderedBuild extends InvisibleAction {}
