/** The rights of a build and the record of its work: trust, triggers, and its random id. */
package io.jenkins.plugins.pymacaron.jenkins.run;
