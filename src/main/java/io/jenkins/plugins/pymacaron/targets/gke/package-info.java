/**
 * The target of Google Kubernetes Engine, and of any other cluster that a kubeconfig leads to: Deployments, and the
 * objects in front of them.
 */
package io.jenkins.plugins.pymacaron.targets.gke;
