/**
 * The stages of a deployment and the parts that they share: preflight, plan, promotion, rollback, clean-up, and the
 * state of a run. Knows targets by {@link io.jenkins.plugins.pymacaron.targets.Target} alone, and nothing of Jenkins or
 * a terminal.
 */
package io.jenkins.plugins.pymacaron.pipeline;
