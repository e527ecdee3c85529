package io.jenkins.plugins.pymacaron.cli;

/** A command that knows the texts that must not be shown, even when it has failed by an error of its own. */
interface MaskingCommand {
    String masked(String text);
}
