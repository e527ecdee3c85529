/** Google Kubernetes Engine, and any other cluster that a kubeconfig leads to: Deployments, and what stands before them. */
package io.jenkins.plugins.pymacaron.targets.gke;
