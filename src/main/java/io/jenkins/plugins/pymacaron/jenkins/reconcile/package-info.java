/** Cleans up after interrupted stages whose build has ended. */
package io.jenkins.plugins.pymacaron.jenkins.reconcile;
