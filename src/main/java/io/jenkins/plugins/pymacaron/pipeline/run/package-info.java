/** The entry points: whole runs for {@code pymdeploy}, single stages for Jenkins. */
package io.jenkins.plugins.pymacaron.pipeline.run;
