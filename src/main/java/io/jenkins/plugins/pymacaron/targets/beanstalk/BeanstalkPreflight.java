package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.FileMark;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.CloudException;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.exception.SdkException;

/** Finds early the reasons why a deployment would fail, by calls that only read. */
final class BeanstalkPreflight {
    private final Environment environment;
    private final PymConfig config;
    private final BeanstalkClient aws;
    private final Environments environments;
    private final CnameOwners live;
    private final TargetContext surroundings;
    private final RollbackCandidates waysBack;
    private final List<Problem> problems = new ArrayList<>();

    BeanstalkPreflight(
            Environment environment,
            BeanstalkClient aws,
            Environments environments,
            CnameOwners live,
            TargetContext surroundings) {
        this.environment = environment;
        this.config = environment.config();
        this.aws = aws;
        this.environments = environments;
        this.live = live;
        this.surroundings = surroundings;
        waysBack = new RollbackCandidates(aws);
    }

    /** A check, which may find that it cannot be made. */
    private interface Check {
        void make() throws TargetException, InterruptedException;
    }

    List<Problem> problems() throws InterruptedException {
        offline();
        if (identity()) {
            check(this::reachable);
            check(this::bucket);
            check(this::rights);
            check(this::quotas);
            check(this::options);
        }
        return problems;
    }

    private void check(Check check) throws InterruptedException {
        try {
            check.make();
        } catch (TargetException | SdkException e) {
            problem(line(e), "Look at the permissions that docs/beanstalk.md lists");
        }
    }

    private static String line(Exception e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }

    private void problem(String message, String advice) {
        problems.add(Problem.error(environment.name(), message, advice + "."));
    }

    private void offline() {
        if (environment.slot() == Slot.LIVE && live.prefix().isEmpty()) {
            problem(
                    "aws_live_cname is missing, the CNAME prefix whose owner is live",
                    "Add for instance: aws_live_cname: " + config.name() + "-live");
        }
        if (config.find(AwsKeys.AWS_VPC).isPresent()
                != config.find(AwsKeys.AWS_SUBNETS).isPresent()) {
            problem("aws_vpc and aws_subnets go together", "Add the other one, or remove both");
        }
        if (config.get(AwsKeys.AWS_HTTPS_REDIRECT)
                && config.find(AwsKeys.AWS_CERT_ARN).isEmpty()) {
            problem("aws_https_redirect leads to https, and there is no certificate", "Add aws_cert_arn");
        }
        for (String wrong : ConfigurationFiles.problems(surroundings.files())) {
            problem(wrong, "Correct it, and commit it");
        }
        for (String refusal : EnvironmentProperties.refusals(config.get(AwsKeys.AWS_BUNDLE), environment.variables())) {
            problem(
                    refusal,
                    "Put the value into Secrets Manager or Parameter Store, and give the variable the ARN (arn:aws:…), "
                            + "which the instances replace by the value; or use aws_bundle: dockerrun");
        }
    }

    private boolean identity() throws InterruptedException {
        try {
            var who = aws.calls().read("tell who I am at AWS", () -> aws.sts().getCallerIdentity());
            surroundings.once("AWS account " + who.account() + ", region " + aws.region() + ", as " + who.arn());
            return true;
        } catch (TargetException | SdkException e) {
            problem(
                    line(e),
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put the profile "
                            + config.find(AwsKeys.AWS_USER).orElse("default") + " into ~/.aws");
            return false;
        }
    }

    private void reachable() throws TargetException, InterruptedException {
        List<EnvironmentFacts> all = environments.list();
        Optional<EnvironmentFacts> owner = live.owner(all);
        if (owner.isEmpty() && !live.prefix().isEmpty() && !environments.isFree(live.prefix())) {
            problem(
                    "the CNAME " + live.cname() + " belongs to another account, or to another application of yours",
                    "Choose another aws_live_cname, or correct aws_application");
        }
        if (owner.isEmpty() && config.find(AwsKeys.AWS_INSTANCE_PROFILE).isEmpty()) {
            problem(
                    "aws_instance_profile is missing, and there is no live environment to take it from",
                    "Add for instance: aws_instance_profile: aws-elasticbeanstalk-ec2-role");
        }
        if (owner.isPresent() && !owner.get().ready()) {
            problem(
                    "the live environment " + owner.get().name() + " is "
                            + owner.get().status(),
                    "Wait until it is Ready");
        }
        if (owner.isPresent()) {
            Map<String, String> tags = owner.get().tags();
            FileMark.problem(
                            environment,
                            "environment " + owner.get().name() + ", which owns " + live.cname() + ",",
                            tags.getOrDefault(BeanstalkMetadata.FILE, ""),
                            config.name().equals(tags.get(BeanstalkMetadata.SERVICE)),
                            "aws_live_cname")
                    .ifPresent(problems::add);
            shared(owner.get());
            EnvironmentSettings.carried(aws, owner.get());
        }
        String cname = live.cname();
        for (EnvironmentFacts e : all) {
            if (owner.stream().noneMatch(e::equals) && e.isOurs(config.name(), cname)) {
                Optional<String> why = waysBack.failedEnd(e);
                why.ifPresent(
                        reason -> problems.add(
                                Problem.warning(
                                        environment.name(),
                                        "environment " + e.name() + " could not be terminated, and still costs money: "
                                                + reason,
                                        "It is terminated again at the end of this deployment. Remove what its resources are used by.")));
            }
        }
    }

    /**
     * Warns about a shared load balancer. With it, both CNAMEs lead to one address, and rules by host and priority tell
     * the environments apart: the rules of a new environment come after all existing ones
     * (aws/elastic-beanstalk-roadmap#217), so a swap changes nothing.
     */
    private void shared(EnvironmentFacts owner) throws TargetException, InterruptedException {
        if (EnvironmentSettings.isShared(EnvironmentSettings.deployed(aws, owner))) {
            problems.add(Problem.warning(
                    environment.name(),
                    "the live environment " + owner.name()
                            + " is behind a load balancer that several share; the next one"
                            + " gets its own, and a rollback to " + owner.name() + " needs that one's rules to have the"
                            + " host of live",
                    "Look at its rules before a rollback; docs/beanstalk.md, Limits."));
        }
    }

    /**
     * Checks the bucket: the bundle's bucket has to be in the region of the environment (botocore, S3Location of
     * CreateApplicationVersion).
     */
    private void bucket() throws TargetException, InterruptedException {
        Optional<String> bucket = config.find(AwsKeys.DOCKER_BUCKET);
        if (bucket.isEmpty()) {
            return;
        }
        String found = aws.calls().read("find the bucket " + bucket.get(), () -> aws.s3()
                .getBucketLocation(r -> r.bucket(bucket.get()))
                .locationConstraintAsString());
        String region = regionOf(found);
        if (!region.equals(aws.region())) {
            problem(
                    "the bucket " + bucket.get() + " is in " + region + ", not in " + aws.region(),
                    "Use one in the region of the environments");
            return;
        }
        // Without s3:ListBucket, a missing object is answered with 403, as if it were forbidden (S3 API reference,
        // HeadObject), and an answer to HEAD has no words.
        allowed("s3:ListBucket on " + bucket.get(), () -> aws.s3().headBucket(r -> r.bucket(bucket.get())));
        if (EcrLogin.isEcr(config.registry())) {
            return;
        }
        try {
            allowed("s3:GetObject on " + bucket.get() + "/*", () -> aws.s3()
                    .headObject(r -> r.bucket(bucket.get()).key(Bundle.AUTH_KEY)));
        } catch (CloudException e) {
            if (e.failure().kind() != Failure.Kind.MISSING) {
                throw e;
            }
            problem(
                    "s3://" + bucket.get() + "/" + Bundle.AUTH_KEY
                            + " is missing, by which the instances log in to the registry",
                    "Put it there, or remove docker_bucket if the images are public");
        }
    }

    private void allowed(String right, Callable<?> head) throws TargetException, InterruptedException {
        try {
            aws.calls().read("use " + right, head);
        } catch (CloudException e) {
            if (!BeanstalkFailureMapper.isDenial(e.getCause())) {
                throw e;
            }
            throw new TargetException("the AWS credential lacks " + right, e);
        }
    }

    /**
     * Returns the region. S3 API reference, GetBucketLocation: it is empty for us-east-1, and EU for buckets that were
     * made so in eu-west-1 before S3 knew regions by their names.
     */
    static String regionOf(String location) {
        if (location == null || location.isEmpty() || location.equals("null")) {
            return "us-east-1";
        }
        return location.equals("EU") ? "eu-west-1" : location;
    }

    /**
     * Checks the rights to read that are needed only during a wait: a denial there would come late. It asks for the
     * whole account, as there may be no environment.
     */
    private void rights() throws TargetException, InterruptedException {
        aws.calls().read("read events", () -> aws.beanstalk().describeEvents(r -> r.maxRecords(1)));
        aws.calls().read("read application versions", () -> aws.beanstalk()
                .describeApplicationVersions(r -> r.maxRecords(1)));
        aws.calls().read("read applications", () -> aws.beanstalk().describeApplications());
    }

    private void options() throws TargetException, InterruptedException {
        String platform = PlatformChoice.choose(aws, config);
        Map<String, String> wanted = config.find(AwsKeys.AWS_OPTIONS).orElse(Map.of());
        for (String wrong : wanted.isEmpty() ? List.<String>of() : new OptionCheck(aws).problems(platform, wanted)) {
            problem(wrong, "Look at aws elasticbeanstalk describe-configuration-options");
        }
    }

    private void quotas() throws TargetException, InterruptedException {
        var quotas = aws.calls().read("read the quotas", () -> aws.beanstalk()
                .describeAccountAttributes(r -> {})
                .resourceQuotas());
        if (quotas == null || quotas.environmentQuota() == null) {
            return;
        }
        int used = aws.calls().read("count the environments", () -> aws.beanstalk()
                .describeEnvironments(r -> r.includeDeleted(false))
                .environments()
                .size());
        if (used >= quotas.environmentQuota().maximum()) {
            problem(
                    "there are " + used + " environments, as many as this account may have",
                    "Terminate some, or ask AWS for more");
        }
    }
}
