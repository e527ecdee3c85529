/**
 * {@code pymacaronDeploy()}: which stages a build has is settled here in Java; the Groovy part only opens stages and calls
 * steps.
 */
package io.jenkins.plugins.pymacaron.jenkins.dsl;
