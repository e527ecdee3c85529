/**
 * The defaults of an installation and of a folder, as Jenkins' configuration pages and configuration as code have them.
 */
package io.jenkins.plugins.pymacaron.jenkins.config;
