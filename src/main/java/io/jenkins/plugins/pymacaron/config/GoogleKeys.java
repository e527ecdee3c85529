package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of Cloud Run and GKE. */
public final class GoogleKeys {
    static final Section SECTION = new Section("Cloud Run and GKE");
    /** A project id has six to thirty characters; an old one of a domain has the domain in front. */
    private static final Pattern PROJECT = Pattern.compile("(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]");

    private static final Pattern REGION = Pattern.compile("[a-z]+-[a-z]+[0-9]+");
    private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]*(?:Ki|Mi|Gi|k|M|G)");
    private static final Pattern CPU = Pattern.compile("[1-9][0-9]*m?|0\\.[0-9]*[1-9]|[1-9][0-9]*\\.[0-9]+");
    private static final Pattern NAME = Pattern.compile("[a-z](?:[a-z0-9-]*[a-z0-9])?");
    /** Cloud Run's own limit. */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(60);

    public static final Key<String> GCP_PROJECT = Key.named("gcp_project", Types.text("the id of a project", PROJECT))
            .defaultsTo("the first part of `docker_repo`")
            .example("my-project")
            .help("Google Cloud project of the Cloud Run services or the GKE clusters.")
            .onlyFor(DeployTarget.CLOUD_RUN, DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GCP_REGION = Key.named(
                    "gcp_region", Types.text("a region such as europe-west1", REGION))
            .defaults("europe-west1", "`europe-west1`")
            .example("europe-west1")
            .help("Region of the services or clusters.")
            .onlyFor(DeployTarget.CLOUD_RUN, DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GCP_MEMORY = Key.named(
                    "gcp_memory", Types.text("an amount such as 512Mi or 2Gi", MEMORY))
            .defaults("512Mi", "`512Mi`")
            .example("512Mi")
            .help("Memory of one Cloud Run instance.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Integer> GCP_REQUEST_CONCURRENCY = Key.named(
                    "gcp_request_concurrency", Types.integer(1, 1000))
            .defaults(10, "`10`")
            .example("10")
            .help("Requests that one Cloud Run instance serves at once.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_CPU = Key.named(
                    "gcp_cpu", Types.quantity("a number of CPUs such as 1, 0.5 or 500m", CPU))
            .defaults("1", "`1`")
            .example("2")
            .help("Processors of one Cloud Run instance.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Integer> GCP_MIN_INSTANCES = Key.named("gcp_min_instances", Types.integer(0, 10000))
            .defaultsTo("the present value; for a new service 0")
            .example("1")
            .help("Smallest number of instances of the Cloud Run service, of all its revisions together.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Integer> GCP_MAX_INSTANCES = Key.named("gcp_max_instances", Types.integer(1, 10000))
            .defaultsTo("the present value; for a new service Cloud Run's default")
            .example("10")
            .help("Largest number of Cloud Run instances of a revision.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Duration> GCP_TIMEOUT = Key.named("gcp_timeout", Types.duration(LONGEST_REQUEST))
            .defaults(Duration.ofMinutes(5), "`5m`")
            .example("5m")
            .help("Longest time for one request to Cloud Run.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_SERVICE_ACCOUNT = Key.named("gcp_service_account", Types.text())
            .defaultsTo("the present value; for a new service the project's")
            .example("hello@my-project.iam.gserviceaccount.com")
            .help("Service account that the service runs as on Cloud Run.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_INGRESS = Key.named(
                    "gcp_ingress", Types.oneOf(List.of("all", "internal", "internal-and-cloud-load-balancing")))
            .defaultsTo("the present value; for a new service `all`")
            .example("internal")
            .help("Allowed sources of requests to Cloud Run.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Boolean> ALLOW_UNAUTHENTICATED = Key.named("allow_unauthenticated", Types.bool())
            .defaults(true, "`true`")
            .example("false")
            .help("Lets everybody call the Cloud Run service.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<List<Integer>> CANARY = Key.named("canary", ServiceTypes.percentages())
            .defaults(List.of(), "all traffic at once")
            .example("[5, 25, 50]")
            .steering()
            .help("Percentages of live traffic that a new version gets, step by step, before it gets all traffic.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GKE_CLUSTER = Key.named("gke_cluster", Types.text("the name of a cluster", NAME))
            .defaultsTo("`NAME-staging` and `NAME-live`")
            .example("shared")
            .help("GKE cluster.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_NAMESPACE = Key.named(
                    "gke_namespace", Types.text("the name of a namespace", NAME))
            .defaultsTo("`name`")
            .example("hello-live")
            .help("Kubernetes namespace.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_CONTEXT = Key.named("gke_context", Types.text())
            .example("my-cluster")
            .help("Context of the kubeconfig to deploy with. Then GKE is not asked for the cluster.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    private GoogleKeys() {}
}
