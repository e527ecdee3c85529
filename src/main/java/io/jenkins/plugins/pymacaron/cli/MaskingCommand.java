package io.jenkins.plugins.pymacaron.cli;

/** A command that knows what must not be shown, also when it has failed by an error of its own. */
interface MaskingCommand {
    String masked(String text);
}
