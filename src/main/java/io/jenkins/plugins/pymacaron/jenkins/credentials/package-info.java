/** Credentials of a build by their ids, and how they reach the process of the one stage that needs them. */
package io.jenkins.plugins.pymacaron.jenkins.credentials;
