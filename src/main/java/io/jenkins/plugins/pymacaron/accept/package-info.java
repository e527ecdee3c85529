/**
 * Accepts a running service: the container under test, the probes of {@code /ping} and {@code /version}, the Python
 * tests, and the measurement of the gap while live changes. Does not know where a service is deployed, nor the order of
 * stages.
 */
package io.jenkins.plugins.pymacaron.accept;
