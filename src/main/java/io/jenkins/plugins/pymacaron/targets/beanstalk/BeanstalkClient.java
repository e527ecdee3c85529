package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.LoopbackAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.elasticbeanstalk.ElasticBeanstalkClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * The clients of one account and region. Nothing is read or asked before a client is needed.
 *
 * <p>The credentials come from the first of these that exists: those that Jenkins binds (PYM_AWS_ACCESS_KEY_ID …);
 * those of the environment (AWS_ACCESS_KEY_ID …), unless that name is one of env_secrets and so the service's own;
 * those of the profile {@code aws_user}, as in PyMacaron's own tools, unless there is a web identity; where there is no
 * such profile, the identity of the machine: a container's role, an instance's (AWS SDK for Java Developer Guide,
 * "Default credentials provider chain").
 */
final class BeanstalkClient implements AutoCloseable {
    private static final Duration ATTEMPT = Duration.ofSeconds(20);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final String KEY = "AWS_ACCESS_KEY_ID";
    /**
     * The prefix of the names of the variables that Jenkins binds, so that a service may have secrets with AWS's names.
     */
    private static final String BOUND = "PYM_";

    /**
     * The timers for the limits of all clients' calls: without them, each client makes five threads of its own, until
     * it is closed.
     */
    private static final ScheduledExecutorService TIMERS = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "pymacaron aws timer");
        thread.setDaemon(true);
        return thread;
    });

    private final PymConfig config;
    private final TargetContext surroundings;
    private final Calls calls = new Calls(new BeanstalkFailureMapper());
    private ElasticBeanstalkClient beanstalk;
    private S3Client s3;
    private StsClient sts;
    private EcrClient ecr;
    private Ec2Client ec2;
    private AwsCredentialsProvider deployer;
    private StsClient base;
    private StsClient anonymous;

    BeanstalkClient(PymConfig config, TargetContext surroundings) {
        this.config = config;
        this.surroundings = surroundings;
    }

    /** Returns the clock that says how long a refusal lasts. */
    InstantSource clock() {
        return surroundings.clock();
    }

    Calls calls() {
        return calls;
    }

    /** Returns the region. @throws SdkClientException when none is configured */
    String region() {
        return config.find(AwsKeys.AWS_REGION)
                .or(() -> given("AWS_REGION"))
                .or(() -> given("AWS_DEFAULT_REGION"))
                .or(() -> profiles().profile(profile()).flatMap(p -> p.property(ProfileProperty.REGION)))
                .orElseThrow(() -> SdkClientException.create("no region: set aws_region, for instance eu-west-1"));
    }

    synchronized ElasticBeanstalkClient beanstalk() {
        if (beanstalk == null) {
            beanstalk = build(ElasticBeanstalkClient.builder(), "ELASTIC_BEANSTALK", region());
        }
        return beanstalk;
    }

    synchronized S3Client s3() {
        if (s3 == null) {
            // Only a real S3 has a host name for each bucket.
            s3 = build(S3Client.builder().forcePathStyle(endpoint("S3").isPresent()), "S3", region());
        }
        return s3;
    }

    synchronized StsClient sts() {
        if (sts == null) {
            sts = build(StsClient.builder(), "STS", region());
        }
        return sts;
    }

    synchronized Ec2Client ec2() {
        if (ec2 == null) {
            ec2 = build(Ec2Client.builder(), "EC2", region());
        }
        return ec2;
    }

    synchronized EcrClient ecr(String region) {
        if (ecr == null) {
            ecr = build(EcrClient.builder(), "ECR", region);
        }
        return ecr;
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, String service, String region) {
        return configured(builder, service, region)
                .credentialsProvider(deployer())
                .build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
            B builder, String service, String region) {
        endpoint(service).ifPresent(builder::endpointOverride);
        ClientOverrideConfiguration.Builder overrides = ClientOverrideConfiguration.builder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .scheduledExecutorService(TIMERS)
                .apiCallAttemptTimeout(ATTEMPT)
                .apiCallTimeout(ATTEMPT)
                .addExecutionInterceptor(new BoundedAnswers())
                .addExecutionInterceptor(HiddenCredentials.ofVouchers(surroundings::hide));
        if (surroundings.recording().isOn()) {
            overrides.addExecutionInterceptor(new RecordingInterceptor(surroundings.recording()));
        }
        return builder.region(Region.of(region))
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder().socketTimeout(ATTEMPT).connectionTimeout(CONNECT))
                .overrideConfiguration(overrides.build());
    }

    /** Returns the address of a service that is not at AWS, by the variables that all of AWS's own tools read. */
    private Optional<URI> endpoint(String service) {
        return given("AWS_ENDPOINT_URL_" + service)
                .or(() -> given("AWS_ENDPOINT_URL"))
                .map(URI::create);
    }

    /** Returns whether the API is a stand-in on this machine. */
    boolean isOnThisMachine() {
        return endpoint("ELASTIC_BEANSTALK")
                .filter(url -> LoopbackAddress.isIn(url.toString()))
                .isPresent();
    }

    /**
     * Returns the credential that deploys: the given one, or the role that it assumes, which is renewed before it ends.
     */
    private synchronized AwsCredentialsProvider deployer() {
        if (deployer == null) {
            Optional<String> role = config.find(AwsKeys.AWS_ROLE);
            deployer = role.isEmpty() ? credentials() : assumed(role.get());
        }
        return deployer;
    }

    private AwsCredentialsProvider assumed(String role) {
        base = configured(StsClient.builder(), "STS", region())
                .credentialsProvider(credentials())
                .build();
        return hidden(StsAssumeRoleCredentialsProvider.builder()
                .stsClient(base)
                .refreshRequest(r -> r.roleArn(role).roleSessionName(session()))
                .build());
    }

    /**
     * Returns the name for AssumeRole, RoleSessionName: at most 64 letters, digits and some signs; CloudTrail shows it.
     */
    private String session() {
        String name = "pymacaron-" + config.name().replaceAll("[^A-Za-z0-9.-]", "-");
        return name.substring(0, Math.min(64, name.length()));
    }

    AwsCredentialsProvider credentials() {
        return hidden(keys(BOUND)
                .or(() -> config.envSecrets().contains(KEY) ? Optional.empty() : keys(""))
                .or(this::webIdentity)
                .orElseGet(this::ambient));
    }

    private AwsCredentialsProvider hidden(AwsCredentialsProvider provider) {
        return new HiddenCredentials(provider, surroundings::hide);
    }

    /**
     * Returns the credential of a token that another system vouches for, such as a CI server (OIDC), by the variables
     * of all of AWS's own tools; it comes before profiles, as in the SDK's own chain.
     */
    private Optional<AwsCredentialsProvider> webIdentity() {
        Optional<String> file = given("AWS_WEB_IDENTITY_TOKEN_FILE");
        Optional<String> role = given("AWS_ROLE_ARN");
        if (file.isEmpty() || role.isEmpty() || config.envSecrets().contains("AWS_ROLE_ARN")) {
            return Optional.empty();
        }
        anonymous = configured(StsClient.builder(), "STS", region())
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        return Optional.of(StsWebIdentityTokenFileCredentialsProvider.builder()
                .stsClient(anonymous)
                .webIdentityTokenFile(Path.of(file.get()))
                .roleArn(role.get())
                .roleSessionName(given("AWS_ROLE_SESSION_NAME").orElseGet(this::session))
                .build());
    }

    private Optional<AwsCredentialsProvider> keys(String prefix) {
        Optional<String> key = given(prefix + KEY);
        Optional<String> secret = given(prefix + "AWS_SECRET_ACCESS_KEY");
        if (key.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        AwsCredentials found = given(prefix + "AWS_SESSION_TOKEN")
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(key.get(), secret.get(), token))
                .orElseGet(() -> AwsBasicCredentials.create(key.get(), secret.get()));
        return Optional.of(StaticCredentialsProvider.create(found));
    }

    private AwsCredentialsProvider ambient() {
        ProfileFile profiles = profiles();
        boolean named = profiles.profile(profile()).isPresent();
        boolean onMachine = given("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").isPresent()
                || given("AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent()
                || !"true".equalsIgnoreCase(surroundings.get("AWS_EC2_METADATA_DISABLED"));
        if (named || !onMachine) {
            return ProfileCredentialsProvider.builder()
                    .profileFile(profiles)
                    .profileName(profile())
                    .build();
        }
        return AwsCredentialsProviderChain.of(
                ContainerCredentialsProvider.create(), InstanceProfileCredentialsProvider.create());
    }

    private String profile() {
        return config.find(AwsKeys.AWS_USER).or(() -> given("AWS_PROFILE")).orElse("default");
    }

    private ProfileFile profiles() {
        ProfileFile.Aggregator all = ProfileFile.aggregator();
        add(all, "AWS_SHARED_CREDENTIALS_FILE", "credentials", ProfileFile.Type.CREDENTIALS);
        add(all, "AWS_CONFIG_FILE", "config", ProfileFile.Type.CONFIGURATION);
        return all.build();
    }

    private void add(ProfileFile.Aggregator all, String variable, String name, ProfileFile.Type type) {
        Path file = given(variable)
                .map(Path::of)
                .orElseGet(() -> Path.of(
                        surroundings.inherited().getOrDefault("HOME", System.getProperty("user.home")), ".aws", name));
        if (Files.isReadable(file)) {
            all.addFile(ProfileFile.builder().content(file).type(type).build());
        }
    }

    private Optional<String> given(String name) {
        return Optional.of(surroundings.get(name)).filter(value -> !value.isEmpty());
    }

    @Override
    public synchronized void close() {
        for (AutoCloseable client : new AutoCloseable[] {beanstalk, s3, sts, ecr, ec2, base, anonymous}) {
            if (client instanceof software.amazon.awssdk.utils.SdkAutoCloseable open) {
                open.close();
            }
        }
    }
}
