/**
 * Makes an image without an engine: layers from files, dependencies by the agent's Python, the image's JSON and its push
 * by jib-core. Does not know git, the configuration or the content tag.
 */
package io.jenkins.plugins.pymacaron.image.layers;
