/**
 * Google Cloud Run: services of which each deployment is a revision, and live is what gets the traffic.
 *
 * <p>Facts of the service are from its published API description ({@code run.v2}, revision 20260917) unless a comment
 * names another source.
 */
package io.jenkins.plugins.pymacaron.targets.cloudrun;
