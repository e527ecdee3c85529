/**
 * The target of containers on a Docker Engine. Live is the container that answers at the address of {@code live_url}.
 */
package io.jenkins.plugins.pymacaron.targets.docker;
