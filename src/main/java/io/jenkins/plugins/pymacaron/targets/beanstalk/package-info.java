/** The target of AWS Elastic Beanstalk: each deployment is a new environment, and the owner of one CNAME is live. */
package io.jenkins.plugins.pymacaron.targets.beanstalk;
