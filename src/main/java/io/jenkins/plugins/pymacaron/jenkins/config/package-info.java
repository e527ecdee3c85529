/** The defaults of an installation and of a folder, for Jenkins' configuration pages and configuration as code. */
package io.jenkins.plugins.pymacaron.jenkins.config;
