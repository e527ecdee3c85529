/**
 * Changes to the outside world that survive a crash: pure {@link io.jenkins.plugins.pymacaron.operation.Operation}s,
 * {@link io.jenkins.plugins.pymacaron.operation.Effect}s as data, a
 * {@link io.jenkins.plugins.pymacaron.operation.Journal} that is on disk before anything happens, and a
 * {@link io.jenkins.plugins.pymacaron.operation.Driver} that holds no thread while it waits.
 */
package io.jenkins.plugins.pymacaron.operation;
