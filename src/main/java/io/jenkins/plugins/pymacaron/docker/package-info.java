/**
 * Drives the Docker Engine by its command line client, and reads from it by its socket where it has one here: the
 * abilities of the engine, images, containers, logins. Does not know services or deployments.
 */
package io.jenkins.plugins.pymacaron.docker;
