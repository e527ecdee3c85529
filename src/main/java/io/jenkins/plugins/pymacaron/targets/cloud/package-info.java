/** The common part of the targets in clouds. */
package io.jenkins.plugins.pymacaron.targets.cloud;
