/** Plans a deployment with the operations that a deployment uses. Changes nothing. */
package io.jenkins.plugins.pymacaron.pipeline.plan;
