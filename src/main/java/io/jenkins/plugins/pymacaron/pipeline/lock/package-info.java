/** Keeps other runs out of an environment: turns on one machine, leases across machines. */
package io.jenkins.plugins.pymacaron.pipeline.lock;
