/** AWS Elastic Beanstalk: a new environment for each deployment, and one CNAME whose owner is live. */
package io.jenkins.plugins.pymacaron.targets.beanstalk;
