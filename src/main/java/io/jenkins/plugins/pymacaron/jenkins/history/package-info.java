/**
 * The page <em>Deployments</em> of a job: the versions that serve, the history, pauses, and rollbacks. Each web method
 * checks its permission.
 */
package io.jenkins.plugins.pymacaron.jenkins.history;
