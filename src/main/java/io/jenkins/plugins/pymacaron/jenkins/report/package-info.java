/** The page <em>Acceptance</em> of a build, and the sections of its console. */
package io.jenkins.plugins.pymacaron.jenkins.report;
