package io.jenkins.plugins.pymacaron.config;

import java.util.List;
import java.util.regex.Pattern;

/** The keys of the service: its name, its image, and the settings that it reads itself when it runs. */
public final class ServiceKeys {
    static final Section SERVICE = new Section("The service");
    static final Section IMAGE = new Section("The image");
    static final Section RUNTIME = new Section("Read by the service itself");
    private static final Pattern PLATFORM_FORM = Pattern.compile("[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9]+)?");

    public static final Key<String> NAME = Key.named(
                    "name",
                    Types.text(
                            "lower-case letters and digits, with single dots, underscores or dashes between",
                            ImageName.COMPONENT_PATTERN))
            .required()
            .example("hello")
            .help("Short name of the service. Images, environments, services and containers are named after it.")
            .in(SERVICE);

    public static final Key<DeployTarget> DEPLOY_TARGET = Key.named("deploy_target", Types.target())
            .defaults(DeployTarget.DEFAULT, "`aws-beanstalk`")
            .example("docker")
            .help("The target of the deployment: `beanstalk` (or `aws-beanstalk`), `cloud-run` (or "
                    + "`gcp-cloud-run`), `gke`, or `docker` (containers on the Docker Engine of the machine that "
                    + "deploys).")
            .in(SERVICE);

    public static final Key<LiveUrl> LIVE_URL = Key.named("live_url", ServiceTypes.url())
            .requiredWhen("live, unless `live_host`")
            .example("https://hello.example.com")
            .help("Address of live. The default port is 443 for https and 80 for http. In a `staging` block: "
                    + "address of staging.")
            .in(SERVICE);

    public static final Key<String> LIVE_HOST = Key.named("live_host", ServiceTypes.host())
            .example("hello.example.com")
            .help("The older form of `live_url`: https on port 443 with an `aws_cert_arn`, else http on port 80. "
                    + "`live_url` overrides it.")
            .in(SERVICE);

    public static final Key<List<String>> ENV_SECRETS = Key.named("env_secrets", ServiceTypes.variables())
            .defaults(List.of(), "none")
            .example("[JWT_SECRET, DB_PASSWORD]")
            .help("Names of environment variables that the service gets in every environment. All must be set "
                    + "where the pipeline runs. A key whose value is one of these names takes the value of the "
                    + "variable.")
            .in(SERVICE);

    public static final Key<String> PYM_ENV = Key.named("pym_env", ServiceTypes.environmentName())
            .defaultsTo("`live` on Beanstalk, else `NAME-staging` and `NAME-live`")
            .example("live")
            .help("PYM_ENV in the deployed containers. The service chooses `pym-config.PYM_ENV.yaml` by it.")
            .in(SERVICE);

    public static final Key<Boolean> WITH_ASYNC = Key.named("with_async", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .shared()
            .help("Runs redis and celery in the container.")
            .in(SERVICE);

    public static final Key<Integer> WORKER_COUNT = Key.named("worker_count", Types.integer(1, 1000))
            .defaultsTo("2 × `cpu_count`")
            .example("4")
            .help("Number of Celery workers. The default of `gke_memory` depends on it.")
            .in(SERVICE);

    public static final Key<Integer> CPU_COUNT = Key.named("cpu_count", Types.integer(1, 1000))
            .defaults(1, "`1`")
            .example("2")
            .help("Number of processors. The default of `gke_memory` depends on it.")
            .in(SERVICE);

    public static final Key<String> DOCKER_REPO = Key.named("docker_repo", ServiceTypes.repository())
            .required()
            .example("mycompany")
            .help("First part of the image's name, before `name`: the user or organisation at docker.io; the "
                    + "project ID at gcr.io, for Cloud Run and GKE.")
            .in(IMAGE);

    public static final Key<String> REGISTRY = Key.named("registry", ServiceTypes.registry())
            .defaultsTo("`docker.io` for Beanstalk and Docker, else `gcr.io`")
            .example("registry.example.com:5000")
            .help("`host[:port]` of the registry that holds the image.")
            .in(IMAGE);

    public static final Key<Boolean> PUSH = Key.named("push", Types.bool())
            .defaults(true, "`true`")
            .example("false")
            .steering()
            .shared()
            .onlyFor(DeployTarget.DOCKER)
            .help("Pushes the image to the registry. With `false`, the image stays on the machine that deploys, "
                    + "and the pipeline asks no registry.")
            .in(IMAGE);

    public static final Key<String> DOCKER_BASE = Key.named("docker_base", ServiceTypes.imageReference())
            .defaultsTo("PyMacaron's base image")
            .example("mycompany/base:stable")
            .shared()
            .help("Base image of the service's image.")
            .in(IMAGE);

    public static final Key<String> PLATFORM = Key.named("platform", Types.text("os/arch[/variant]", PLATFORM_FORM))
            .defaults("linux/amd64", "`linux/amd64`")
            .example("linux/arm64")
            .shared()
            .help("Platform of the image.")
            .in(IMAGE);

    public static final Key<String> BUILDER = Key.named("builder", Types.oneOf(List.of("docker", "layers")))
            .defaults("docker", "`docker`")
            .example("layers")
            .steering()
            .shared()
            .help("Builder of the image. `layers` builds without an engine, and [has limits]"
                    + "(pymdeploy.md#images-without-an-engine).")
            .in(IMAGE);

    public static final Key<List<String>> INCLUDE_LINKS = Key.named("include_links", ServiceTypes.paths())
            .defaults(List.of(), "none")
            .example("[common]")
            .shared()
            .help("Linked directories whose content becomes part of the image. The acceptance tests include the "
                    + "`testaccept/` of their repositories.")
            .in(IMAGE);

    public static final Key<String> JWT_ISSUER = Key.named("jwt_issuer", Types.text())
            .example("hello.example.com")
            .help("Issuer of the service's tokens.")
            .in(RUNTIME);

    public static final Key<String> JWT_AUDIENCE = Key.named("jwt_audience", Types.text())
            .example("hello")
            .help("Audience of the service's tokens.")
            .in(RUNTIME);

    public static final Key<String> JWT_SECRET = Key.named("jwt_secret", Types.text())
            .example("JWT_SECRET")
            .secret()
            .help("Secret that signs the service's tokens (HS256): a name of `env_secrets`. The acceptance tests "
                    + "get a token that is signed with it.")
            .in(RUNTIME);

    public static final Key<Integer> JWT_TOKEN_TIMEOUT = Key.named(
                    "jwt_token_timeout", Types.integer(1, Integer.MAX_VALUE))
            .defaults(86400, "`86400`")
            .example("86400")
            .shared()
            .help("Seconds for which a token is valid.")
            .in(RUNTIME);

    public static final Key<Integer> JWT_TOKEN_RENEW_AFTER = Key.named(
                    "jwt_token_renew_after", Types.integer(1, Integer.MAX_VALUE))
            .defaults(10800, "`10800`")
            .example("10800")
            .shared()
            .help("Seconds after which a token is renewed.")
            .in(RUNTIME);

    public static final Key<String> DEFAULT_USER_ID = Key.named("default_user_id", Types.text())
            .defaults("PYM_DEFAULT_USER_ID", "`PYM_DEFAULT_USER_ID`")
            .example("anonymous")
            .shared()
            .help("User id of callers without a token.")
            .in(RUNTIME);

    public static final Key<Integer> REPORT_CALL_EXCEEDING_MS = Key.named(
                    "report_call_exceeding_ms", Types.integer(0, Integer.MAX_VALUE))
            .defaults(1000, "`1000`")
            .example("1000")
            .shared()
            .help("The service reports calls that take longer, in milliseconds.")
            .in(RUNTIME);

    public static final Key<String> SCOUT_KEY = Key.named("scout_key", Types.text())
            .example("SCOUT_KEY")
            .secret()
            .shared()
            .help("Key of ScoutAPM: a name of `env_secrets`.")
            .in(RUNTIME);

    public static final Key<String> SCOUT_APP_NAME = Key.named("scout_app_name", Types.text())
            .defaultsTo("PYM_ENV")
            .example("hello-live")
            .shared()
            .help("Name of the service in ScoutAPM.")
            .in(RUNTIME);

    private ServiceKeys() {}
}
