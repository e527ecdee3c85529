/** The queue of an environment: one deployment at a time, in the order of the requests. A wait holds no thread. */
package io.jenkins.plugins.pymacaron.jenkins.lock;
