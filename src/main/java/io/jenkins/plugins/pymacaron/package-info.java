/**
 * Deployment of PyMacaron services. Each package below is a room; {@code docs/architecture.md} has the map of them, which
 * {@code ArchitectureTest} reads.
 */
package io.jenkins.plugins.pymacaron;
