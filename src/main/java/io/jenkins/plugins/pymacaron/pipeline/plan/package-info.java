/** Says what a deployment would change, from the operations that a deployment uses. Changes nothing. */
package io.jenkins.plugins.pymacaron.pipeline.plan;
