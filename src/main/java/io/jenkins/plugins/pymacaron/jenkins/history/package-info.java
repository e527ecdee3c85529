/**
 * The page <em>Deployments</em> of a job: what serves, the history, pausing, and the way back. Each web method asks for its
 * permission.
 */
package io.jenkins.plugins.pymacaron.jenkins.history;
