/** Looks up the credentials of a build by their ids, and hands them to the process of the one stage that needs them. */
package io.jenkins.plugins.pymacaron.jenkins.credentials;
