/** The steps of a Pipeline, {@code pymTest} to {@code pymRollback}. */
package io.jenkins.plugins.pymacaron.jenkins.step;
