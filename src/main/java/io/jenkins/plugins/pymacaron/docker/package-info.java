/**
 * The Docker Engine by its command line client: what the engine can do, images, containers, logins. Does not know what a
 * service or a deployment is.
 */
package io.jenkins.plugins.pymacaron.docker;
