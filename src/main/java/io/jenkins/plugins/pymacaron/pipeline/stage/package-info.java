/** Implements the stages, in their order, and the rollback that follows a failed promotion. */
package io.jenkins.plugins.pymacaron.pipeline.stage;
