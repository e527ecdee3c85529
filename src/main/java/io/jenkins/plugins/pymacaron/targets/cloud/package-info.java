/** What the targets in clouds have in common. */
package io.jenkins.plugins.pymacaron.targets.cloud;
