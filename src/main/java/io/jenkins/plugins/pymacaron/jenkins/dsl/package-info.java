/**
 * The step {@code pymacaronDeploy()}: the stages of a build are settled here in Java; the Groovy part only opens stages
 * and calls steps.
 */
package io.jenkins.plugins.pymacaron.jenkins.dsl;
