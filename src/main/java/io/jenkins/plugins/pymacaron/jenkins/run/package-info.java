/** What a build may do, and what it has done: trust, triggers, and its random id. */
package io.jenkins.plugins.pymacaron.jenkins.run;
