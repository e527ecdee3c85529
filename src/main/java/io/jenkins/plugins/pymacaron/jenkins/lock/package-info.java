/**
 * The queue of an environment: one deployment at a time, in the order in which they came. Holds no thread while one waits.
 */
package io.jenkins.plugins.pymacaron.jenkins.lock;
