package io.jenkins.plugins.pymacaron.config;

import java.util.Map;
import java.util.Optional;

/** Tells which option settings are not allowed in aws_options, and what to use instead. */
final class AwsOptions {
    private static final String FIXED = "Remove it: deployments, their proof and the rollback depend on it.";
    private static final String ENVIRONMENT = "aws:elasticbeanstalk:environment";
    private static final String LAUNCH = "aws:autoscaling:launchconfiguration";
    private static final String VPC = "aws:ec2:vpc";

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry(ENVIRONMENT + "|EnvironmentType", FIXED),
            Map.entry(ENVIRONMENT + "|LoadBalancerType", FIXED),
            Map.entry(ENVIRONMENT + "|LoadBalancerIsShared", FIXED),
            Map.entry("aws:elbv2:loadbalancer|SharedLoadBalancer", FIXED),
            Map.entry("aws:elasticbeanstalk:healthreporting:system|SystemType", FIXED),
            Map.entry("aws:elasticbeanstalk:environment:process:default|HealthCheckPath", FIXED),
            Map.entry("aws:elasticbeanstalk:environment:process:default|Port", FIXED),
            Map.entry("aws:elasticbeanstalk:environment:process:default|Protocol", FIXED),
            Map.entry(ENVIRONMENT + "|ServiceRole", "Use aws_service_role."),
            Map.entry(LAUNCH + "|IamInstanceProfile", "Use aws_instance_profile."),
            Map.entry(LAUNCH + "|EC2KeyName", "Use aws_keypair."),
            Map.entry(LAUNCH + "|InstanceType", "Use aws_instance_type."),
            Map.entry("aws:ec2:instances|InstanceTypes", "Use aws_instance_type."),
            Map.entry(LAUNCH + "|SecurityGroups", "Use aws_security_groups."),
            Map.entry("aws:elbv2:loadbalancer|SecurityGroups", "Use aws_elb_security_groups."),
            Map.entry("aws:autoscaling:asg|MinSize", "Use aws_hosts_min."),
            Map.entry("aws:autoscaling:asg|MaxSize", "Use aws_hosts_max."),
            Map.entry(VPC + "|VPCId", "Use aws_vpc."),
            Map.entry(VPC + "|Subnets", "Use aws_subnets."),
            Map.entry(VPC + "|ELBSubnets", "Use aws_elb_subnets."),
            Map.entry(VPC + "|ELBScheme", "Use aws_elb_scheme."));

    private AwsOptions() {}

    /** Returns what to use instead; empty for an option that may be given. */
    static Optional<String> instead(String namespace, String name) {
        if (namespace.startsWith("aws:rds:")) {
            return Optional.of(
                    "Make the database apart: each deployment is a new environment, and one that belongs to an "
                            + "environment would go with it.");
        }
        if (namespace.startsWith("aws:elb:")) {
            return Optional.of("Use aws:elbv2:…: environments have an application load balancer.");
        }
        return Optional.ofNullable(INSTEAD.get(namespace + "|" + name));
    }
}
