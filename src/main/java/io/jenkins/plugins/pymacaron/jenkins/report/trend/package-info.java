/** The trends of acceptance on the page of a job. */
package io.jenkins.plugins.pymacaron.jenkins.report.trend;
