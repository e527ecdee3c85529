package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of Elastic Beanstalk. */
public final class AwsKeys {
    static final Section SECTION = new Section("Elastic Beanstalk");
    private static final Pattern ARN = Pattern.compile("arn:[a-z0-9-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+");
    private static final Pattern ROLE = Pattern.compile("arn:[a-z0-9-]+:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,576}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2}(?:-[a-z]+)+-[0-9]+");
    /** The naming rules of S3's general purpose buckets. */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    public static final Key<String> AWS_USER = Key.named("aws_user", Types.text())
            .requiredFor(DeployTarget.BEANSTALK)
            .example("deployer")
            .help("Profile of the AWS configuration for deployments from the command line. It is not used if "
                    + "AWS_ACCESS_KEY_ID is set and is not a name of `env_secrets`.")
            .in(SECTION);

    public static final Key<String> AWS_REGION = Key.named(
                    "aws_region", Types.text("a region such as eu-west-1", REGION))
            .defaultsTo("the profile's")
            .example("eu-west-1")
            .help("Region of the environments.")
            .in(SECTION);

    public static final Key<String> AWS_KEYPAIR = Key.named("aws_keypair", Types.text())
            .requiredFor(DeployTarget.BEANSTALK)
            .example("my-keypair")
            .help("EC2 key pair of the instances.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_INSTANCE_TYPE = Key.named("aws_instance_type", Types.text())
            .requiredFor(DeployTarget.BEANSTALK)
            .example("t3.small")
            .help("Type of the instances.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> DOCKER_BUCKET = Key.named(
                    "docker_bucket", Types.text("the name of an S3 bucket", BUCKET))
            .defaultsTo("none: the images are public, or in ECR")
            .example("mycompany-docker")
            .help("S3 bucket, in the region of the environments, with `docker/dockercfg`, the registry login of "
                    + "the instances. It also holds the bundles of versions; without it, the region's own bucket "
                    + "holds them.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_CERT_ARN = Key.named(
                    "aws_cert_arn", Types.text("the ARN of an ACM certificate", ARN))
            .example("arn:aws:acm:eu-west-1:123456789012:certificate/1234")
            .help("Certificate of the https listener. Without a certificate, there is no https listener.")
            .in(SECTION);

    public static final Key<Integer> AWS_HOSTS_MIN = Key.named("aws_hosts_min", Types.integer(1, 10000))
            .defaults(1, "`1`")
            .example("1")
            .help("Smallest number of instances.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<Integer> AWS_HOSTS_MAX = Key.named("aws_hosts_max", Types.integer(1, 10000))
            .defaults(4, "`4`")
            .example("4")
            .help("Largest number of instances.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_APPLICATION = Key.named("aws_application", Types.text())
            .defaultsTo("`name`")
            .example("hello")
            .help("The Beanstalk application.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_LIVE_CNAME = Key.named(
                    "aws_live_cname",
                    Types.text(
                            "a CNAME prefix without dots",
                            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{2,61}[A-Za-z0-9])")))
            .example("hello-live")
            .steering()
            .help("CNAME prefix of live: the environment that has it is the live one. Elastic Beanstalk needs it.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_INSTANCE_PROFILE = Key.named("aws_instance_profile", Types.text())
            .example("aws-elasticbeanstalk-ec2-role")
            .help("Instance profile of the instances.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_SERVICE_ROLE = Key.named("aws_service_role", Types.text())
            .example("aws-elasticbeanstalk-service-role")
            .help("Service role of Elastic Beanstalk.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_PLATFORM = Key.named("aws_platform", Types.text())
            .defaultsTo("the current Docker platform on Amazon Linux")
            .example("arn:aws:elasticbeanstalk:eu-west-1::platform/Docker running on 64bit Amazon Linux 2023/4.3.0")
            .help("Platform of new environments: a solution stack's name or a platform's ARN.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_BUNDLE = Key.named("aws_bundle", Types.oneOf(List.of("dockerrun", "compose")))
            .defaults("dockerrun", "`dockerrun`")
            .example("compose")
            .help("File in the bundle that names the image: `dockerrun` for `Dockerrun.aws.json`, `compose` for "
                    + "`docker-compose.yml`.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<Boolean> AWS_LOG_STREAMING = Key.named("aws_log_streaming", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help("Sends the instances' logs to CloudWatch, which keeps them for 30 days.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_ROLE = Key.named("aws_role", Types.text("the ARN of an IAM role", ROLE))
            .example("arn:aws:iam::123456789012:role/deployer")
            .help("Role to assume for the deployment, with the credential that is found otherwise.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_VPC = Key.named(
                    "aws_vpc", Types.text("an id such as vpc-0123abcd", Pattern.compile("vpc-[0-9a-f]{8,17}")))
            .defaultsTo("that of the live environment, else the default VPC")
            .example("vpc-0123abcd")
            .help("VPC of the environments. Needs `aws_subnets`.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<List<String>> AWS_SUBNETS = Key.named("aws_subnets", AwsTypes.ids("subnet", "subnet ids"))
            .example("[subnet-0123abcd, subnet-4567abcd]")
            .help("Subnets of the instances in `aws_vpc`, of at least two zones.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<List<String>> AWS_ELB_SUBNETS = Key.named(
                    "aws_elb_subnets", AwsTypes.ids("subnet", "subnet ids"))
            .defaultsTo("`aws_subnets`")
            .example("[subnet-0123abcd, subnet-4567abcd]")
            .help("Subnets of the load balancer in `aws_vpc`, of at least two zones.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_ELB_SCHEME = Key.named(
                    "aws_elb_scheme", Types.oneOf(List.of("public", "internal")))
            .defaultsTo("that of the live environment, else `public`")
            .example("internal")
            .help("Kind of the load balancer's address: public, or only within the VPC, where the agent must "
                    + "reach it.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<Boolean> AWS_PUBLIC_INSTANCES = Key.named("aws_public_instances", Types.bool())
            .defaultsTo("that of the live environment, else `false`")
            .example("true")
            .help("Gives instances in `aws_vpc` public addresses. Without them, their subnets need a NAT gateway.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<List<String>> AWS_SECURITY_GROUPS = Key.named(
                    "aws_security_groups", AwsTypes.ids("sg", "security group ids"))
            .defaultsTo("your own groups of the live environment")
            .example("[sg-0123abcd]")
            .help("Security groups of the instances, in addition to the one that Beanstalk makes.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<List<String>> AWS_ELB_SECURITY_GROUPS = Key.named(
                    "aws_elb_security_groups", AwsTypes.ids("sg", "security group ids"))
            .defaultsTo("your own groups of the live environment, else one that Beanstalk makes")
            .example("[sg-0123abcd]")
            .help("Security groups of the load balancer.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<Boolean> AWS_HTTPS_REDIRECT = Key.named("aws_https_redirect", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help("Redirects http to https at the load balancer. Needs `aws_cert_arn`.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<Map<String, String>> AWS_OPTIONS = Key.named("aws_options", AwsTypes.options())
            .example("{'aws:elbv2:loadbalancer': {IdleTimeout: 120}}")
            .help("Other option settings of Beanstalk, by namespace and name. Secrets belong in `env_secrets` "
                    + "instead.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<Duration> AWS_RED_FOR = Key.named("aws_red_for", Types.duration(Duration.ofHours(1)))
            .defaults(Duration.ofMinutes(3), "`3m`")
            .example("3m")
            .steering()
            .help("Longest time in a row for which the health of a Ready environment may be Red, when it is new "
                    + "and after it became live. After that, it counts as failed.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_ZONE_ID = Key.named("aws_zone_id", Types.text())
            .example("Z1234567890")
            .help("Route 53 zone of the live host. The pipeline does not need it: it finds live by "
                    + "`aws_live_cname`.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(SECTION);

    public static final Key<String> AWS_ACCESS_KEY_ID = Key.named("aws_access_key_id", Types.text())
            .example("AWS_ACCESS_KEY_ID")
            .secret()
            .help("For the service's own use: a name of `env_secrets`. The pipeline does not read it.")
            .in(SECTION);

    public static final Key<String> AWS_SECRET_ACCESS_KEY = Key.named("aws_secret_access_key", Types.text())
            .example("AWS_SECRET_ACCESS_KEY")
            .secret()
            .help("For the service's own use: a name of `env_secrets`. The pipeline does not read it.")
            .in(SECTION);

    public static final Key<String> AWS_DEFAULT_REGION = Key.named("aws_default_region", Types.text())
            .example("AWS_DEFAULT_REGION")
            .help("For the service's own use. The pipeline reads `aws_region`.")
            .in(SECTION);

    private AwsKeys() {}
}
