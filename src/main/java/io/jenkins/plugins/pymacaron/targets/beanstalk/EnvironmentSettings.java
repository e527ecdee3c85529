package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The option settings of a new environment, by {@code namespace|option}: those of the original tools, with the values
 * of the configuration. They are laid over the settings of the live environment that a copy needs to run in the same
 * place.
 *
 * <p>Names and values: "General options for all environments" in Elastic Beanstalk's developer guide.
 */
final class EnvironmentSettings {
    private static final String ENVIRONMENT = "aws:elasticbeanstalk:environment|";
    private static final String LAUNCH = "aws:autoscaling:launchconfiguration|";
    private static final String VPC = "aws:ec2:vpc|";
    private static final String LOAD_BALANCER = "aws:elbv2:loadbalancer|";
    private static final String PROCESS = "aws:elasticbeanstalk:environment:process:default|";
    private static final String COMMAND = "aws:elasticbeanstalk:command|";
    private static final String LOGS = "aws:elasticbeanstalk:cloudwatch:logs|";
    private static final String VARIABLES = "aws:elasticbeanstalk:application:environment|";

    /**
     * The values of this namespace are the ARNs of secrets and parameters, which the instances fetch as they start;
     * platform versions since 2025-03-26 support it ("Fetching secrets and parameters to environment variables",
     * developer guide).
     */
    private static final String REFERENCES = "aws:elasticbeanstalk:application:environmentsecrets|";

    private static final Pattern REFERENCE = Pattern.compile("arn:aws[a-z-]*:(secretsmanager|ssm):.+");

    /**
     * The developer guide, "eb setenv": the total size of all properties cannot exceed 4096 bytes. They are stored as
     * {@code KEY1=VALUE1,KEY2=VALUE2}.
     */
    static final int LONGEST = 4096;

    /**
     * The settings of the live environment that go over into the next one: all of some namespaces, and single options
     * of others.
     */
    private static final Set<String> CARRIED_NAMESPACES = Set.of(
            "aws:ec2:vpc",
            "aws:elbv2:loadbalancer",
            "aws:autoscaling:trigger",
            "aws:elasticbeanstalk:managedactions",
            "aws:elasticbeanstalk:managedactions:platformupdate",
            "aws:elasticbeanstalk:xray");

    private static final Set<String> CARRIED = Set.of(
            ENVIRONMENT + "ServiceRole",
            LAUNCH + "IamInstanceProfile",
            LAUNCH + "SecurityGroups",
            LAUNCH + "RootVolumeSize",
            "aws:elasticbeanstalk:sns:topics|Notification Endpoint",
            "aws:elasticbeanstalk:sns:topics|Notification Protocol",
            "aws:elasticbeanstalk:sns:topics|Notification Topic ARN");

    private static final String SHARED = LOAD_BALANCER + "SharedLoadBalancer";

    static final String PROFILE = LAUNCH + "IamInstanceProfile";

    private EnvironmentSettings() {}

    static Map<String, String> of(PymConfig config, Map<String, String> carried) {
        Map<String, String> s = new TreeMap<>(carried);
        s.put(ENVIRONMENT + "EnvironmentType", "LoadBalanced");
        s.put(ENVIRONMENT + "LoadBalancerType", "application");
        config.find(AwsKeys.AWS_SERVICE_ROLE).ifPresent(v -> s.put(ENVIRONMENT + "ServiceRole", v));
        config.find(AwsKeys.AWS_INSTANCE_PROFILE).ifPresent(v -> s.put(PROFILE, v));
        config.find(AwsKeys.AWS_KEYPAIR).ifPresent(v -> s.put(LAUNCH + "EC2KeyName", v));
        config.find(AwsKeys.AWS_INSTANCE_TYPE).ifPresent(v -> s.put("aws:ec2:instances|InstanceTypes", v));
        // Accounts since October 2024 have no launch configurations; each of these two settings makes the service use a
        // launch template.
        s.put(LAUNCH + "DisableIMDSv1", "true");
        s.put(LAUNCH + "RootVolumeType", "gp3");
        s.put("aws:autoscaling:asg|MinSize", Integer.toString(config.get(AwsKeys.AWS_HOSTS_MIN)));
        s.put("aws:autoscaling:asg|MaxSize", Integer.toString(config.get(AwsKeys.AWS_HOSTS_MAX)));
        s.put(PROCESS + "HealthCheckPath", config.accept().basePath() + "/ping");
        s.put(PROCESS + "Port", "80");
        s.put(PROCESS + "Protocol", "HTTP");
        s.put("aws:elasticbeanstalk:healthreporting:system|SystemType", "enhanced");
        s.put(COMMAND + "DeploymentPolicy", "Rolling");
        s.put(COMMAND + "BatchSizeType", "Percentage");
        s.put(COMMAND + "BatchSize", "25");
        s.put("aws:autoscaling:updatepolicy:rollingupdate|RollingUpdateEnabled", "true");
        s.put("aws:autoscaling:updatepolicy:rollingupdate|RollingUpdateType", "Health");
        network(config, s);
        config.find(AwsKeys.AWS_CERT_ARN).ifPresent(arn -> {
            s.put("aws:elbv2:listener:443|ListenerEnabled", "true");
            s.put("aws:elbv2:listener:443|Protocol", "HTTPS");
            s.put("aws:elbv2:listener:443|SSLCertificateArns", arn);
            s.put("aws:elbv2:listener:443|DefaultProcess", "default");
        });
        if (config.get(AwsKeys.AWS_LOG_STREAMING)) {
            s.put(LOGS + "StreamLogs", "true");
            s.put(LOGS + "RetentionInDays", "30");
            s.put(LOGS + "DeleteOnTerminate", "true");
        }
        config.find(AwsKeys.AWS_OPTIONS).ifPresent(s::putAll);
        return s;
    }

    /**
     * Sets the network. Subnets and security groups belong to one VPC, so with another VPC those of the live
     * environment are not carried over.
     */
    private static void network(PymConfig config, Map<String, String> s) {
        Optional<String> vpc = config.find(AwsKeys.AWS_VPC);
        if (vpc.isPresent() && !vpc.get().equals(s.get(VPC + "VPCId"))) {
            s.keySet().removeIf(option -> option.startsWith(VPC) || GeneratedGroups.isOfGroups(option));
        }
        vpc.ifPresent(v -> s.put(VPC + "VPCId", v));
        config.find(AwsKeys.AWS_SUBNETS).ifPresent(ids -> {
            s.put(VPC + "Subnets", String.join(",", ids));
            s.put(VPC + "ELBSubnets", String.join(",", ids));
        });
        config.find(AwsKeys.AWS_ELB_SUBNETS).ifPresent(ids -> s.put(VPC + "ELBSubnets", String.join(",", ids)));
        config.find(AwsKeys.AWS_ELB_SCHEME).ifPresent(scheme -> s.put(VPC + "ELBScheme", scheme));
        config.find(AwsKeys.AWS_PUBLIC_INSTANCES)
                .ifPresent(is -> s.put(VPC + "AssociatePublicIpAddress", is.toString()));
        config.find(AwsKeys.AWS_SECURITY_GROUPS)
                .ifPresent(ids -> s.put(LAUNCH + "SecurityGroups", String.join(",", ids)));
        config.find(AwsKeys.AWS_ELB_SECURITY_GROUPS)
                .ifPresent(ids -> s.put(LOAD_BALANCER + "SecurityGroups", String.join(",", ids)));
    }

    /**
     * Returns the settings of the live environment that go over, without those that belong to its own stack and are
     * deleted with it.
     */
    static Map<String, String> carried(BeanstalkClient aws, EnvironmentFacts live)
            throws TargetException, InterruptedException {
        Map<String, String> found = deployed(aws, live);
        found.entrySet().removeIf(option -> !goesOver(option.getKey(), option.getValue()));
        return new GeneratedGroups(aws).without(found);
    }

    /** Returns whether the load balancer of an environment with these options is a shared one. */
    static boolean isShared(Map<String, String> deployed) {
        return deployed.containsKey(SHARED) || "true".equals(deployed.get(ENVIRONMENT + "LoadBalancerIsShared"));
    }

    /** Returns all options of an environment that have a value, as they are in effect. */
    static Map<String, String> deployed(BeanstalkClient aws, EnvironmentFacts live)
            throws TargetException, InterruptedException {
        Map<String, String> found = new HashMap<>();
        aws
                .calls()
                .read("read the settings of " + live.name(), () -> aws.beanstalk()
                        .describeConfigurationSettings(
                                r -> r.applicationName(live.application()).environmentName(live.name())))
                .configurationSettings()
                .stream()
                // There may be a second set, which is being deployed or failed to be (API reference).
                .filter(settings ->
                        !Set.of("pending", "failed").contains(String.valueOf(settings.deploymentStatusAsString())))
                .forEach(settings -> settings.optionSettings().stream()
                        .filter(o -> o.value() != null && !o.value().isEmpty())
                        .forEach(o -> found.put(o.namespace() + "|" + o.optionName(), o.value())));
        return found;
    }

    private static boolean goesOver(String option, String value) {
        boolean listed =
                CARRIED_NAMESPACES.contains(option.substring(0, option.indexOf('|'))) || CARRIED.contains(option);
        // Other values that belong to the live environment's own stack contain this in their name.
        return listed
                // New environments have a load balancer of their own.
                && !option.equals(SHARED)
                && (GeneratedGroups.isOfGroups(option) || !value.contains("AWSEB"));
    }

    /** Returns the environment properties, secrets included. */
    static Map<String, String> variables(Map<String, String> variables) {
        Map<String, String> s = new TreeMap<>();
        all(variables)
                .forEach((name, value) ->
                        s.put((REFERENCE.matcher(value).matches() ? REFERENCES : VARIABLES) + name, value));
        return s;
    }

    private static Map<String, String> all(Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(variables);
        all.put("PORT", Integer.toString(Bundle.PORT));
        return all;
    }

    /** Returns how much they use of {@link #LONGEST}. */
    static int size(Map<String, String> variables) {
        return all(variables).entrySet().stream()
                        .mapToInt(e -> (e.getKey() + "=" + e.getValue() + ",").getBytes(StandardCharsets.UTF_8).length)
                        .sum()
                - 1;
    }

    static boolean hasReference(Map<String, String> variables) {
        return variables.values().stream().anyMatch(v -> REFERENCE.matcher(v).matches());
    }
}
