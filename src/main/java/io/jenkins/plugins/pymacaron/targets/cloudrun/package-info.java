/**
 * The target of services on Google Cloud Run. Each deployment of a service is a revision, and live is the revision that
 * gets the traffic.
 *
 * <p>Facts of the service are from its published API description ({@code run.v2}, revision 20260917) unless a comment
 * names another source.
 */
package io.jenkins.plugins.pymacaron.targets.cloudrun;
