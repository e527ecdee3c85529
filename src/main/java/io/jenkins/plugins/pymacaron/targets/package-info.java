/**
 * The common part of all deployment targets. A {@link io.jenkins.plugins.pymacaron.targets.Target} reads what serves,
 * and describes changes as operations that have not begun. The package decides nothing about stages.
 */
package io.jenkins.plugins.pymacaron.targets;
