/** Clean-up of stages that were cut off and whose build has ended. */
package io.jenkins.plugins.pymacaron.jenkins.reconcile;
