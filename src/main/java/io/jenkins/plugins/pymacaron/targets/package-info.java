/**
 * What all places of deployment have in common: a {@link io.jenkins.plugins.pymacaron.targets.Target} reads what serves and
 * describes changes as operations that have not begun. Decides nothing about stages.
 */
package io.jenkins.plugins.pymacaron.targets;
