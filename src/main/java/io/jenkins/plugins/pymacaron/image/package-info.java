/**
 * Makes the image of exactly one commit: private checkout, Dockerfile, content tag, build, reuse, push and pruning.
 * Does not know targets or stages.
 */
package io.jenkins.plugins.pymacaron.image;
