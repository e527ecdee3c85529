package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of a service on GKE. The defaults are the numbers of PyMacaron's own pymgke. */
public final class GkeKeys {
    static final Section SECTION = new Section("Pods and load balancers on GKE");
    private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]*(?:Ki|Mi|Gi|k|M|G)");
    private static final Pattern CPU = Pattern.compile("[1-9][0-9]*m?");
    private static final Pattern NAME = Pattern.compile("[a-z](?:[a-z0-9-]*[a-z0-9])?");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Duration LONGEST = Duration.ofHours(1);

    public static final Key<Integer> GKE_REPLICAS = Key.named("gke_replicas", Types.integer(1, 1000))
            .defaultsTo("the present value; for a new Deployment 1")
            .example("2")
            .help("Number of pods. Without it, an autoscaler or `kubectl scale` decides.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Integer> GKE_MAX_SURGE = Key.named("gke_max_surge", Types.integer(1, 1000))
            .defaults(5, "`5`")
            .example("1")
            .help("Largest number of additional pods during a rollout.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_CPU_REQUEST = Key.named(
                    "gke_cpu_request", Types.quantity("processors such as 1 or 250m", CPU))
            .defaults("250m", "`250m`")
            .example("500m")
            .help("Processors that a pod requests.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_CPU_LIMIT = Key.named(
                    "gke_cpu_limit", Types.quantity("processors such as 1 or 500m", CPU))
            .defaults("500m", "`500m`")
            .example("1")
            .help("Largest number of processors that a pod may use.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_MEMORY = Key.named(
                    "gke_memory", Types.text("an amount such as 512Mi or 2Gi", MEMORY))
            .defaultsTo("(2 × `cpu_count` + 1) × 250Mi + `worker_count` × 150Mi")
            .example("1Gi")
            .help("Memory that a pod requests, and its limit.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Duration> GKE_PROBE_DELAY = Key.named("gke_probe_delay", Types.duration(LONGEST))
            .defaults(Duration.ofSeconds(90), "`90s`")
            .example("10s")
            .help("Time from the start of a pod to its first readiness probe.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Duration> GKE_PROGRESS_DEADLINE = Key.named(
                    "gke_progress_deadline", Types.duration(LONGEST))
            .defaults(Duration.ofMinutes(10), "`10m`")
            .example("20m")
            .help("Longest time without progress of a rollout, in addition to `gke_probe_delay`. For instance, a "
                    + "pod waits for a node, a quota or an image.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Duration> GKE_PRE_STOP = Key.named("gke_pre_stop", Types.duration(LONGEST))
            .defaults(Duration.ofSeconds(60), "`60s`")
            .example("30s")
            .help("Time for which a pod still serves after it was told to end, until load balancers know.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Duration> GKE_GRACE = Key.named("gke_grace", Types.duration(LONGEST))
            .defaults(Duration.ofSeconds(180), "`180s`")
            .example("60s")
            .help("Longest time for a pod to end, including `gke_pre_stop`.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Boolean> GKE_INGRESS = Key.named("gke_ingress", Types.bool())
            .defaults(true, "`true`")
            .example("false")
            .help("Makes an Ingress, its BackendConfig and, for https, a ManagedCertificate for the Service; with "
                    + "`gke_gateway` a Gateway.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_STATIC_IP = Key.named(
                    "gke_static_ip", Types.text("the name of a global address", NAME))
            .defaultsTo("`NAME-staging-ip` and `NAME-live-ip`")
            .example("hello-ip")
            .help("Reserved global address of the Ingress or Gateway. It must exist.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Boolean> GKE_PROVE_INGRESS = Key.named("gke_prove_ingress", Types.bool())
            .defaults(true, "`true`")
            .example("false")
            .steering()
            .help(
                    "Proves the version also through the Ingress or Gateway, before a rollout counts as proven. Set `false` "
                            + "if Identity-Aware Proxy or Cloud Armor keeps this machine out; then the proof uses the Service "
                            + "alone.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Boolean> GKE_RUN_AS_ROOT = Key.named("gke_run_as_root", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help("Set `true` for an image that must run as root, or with a `USER` that is not a number. "
                    + "Otherwise the pods follow the Pod Security Standard `restricted`: not root, no capabilities, "
                    + "no other privileges.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<List<String>> GKE_REMOVE = Key.named(
                    "gke_remove",
                    Types.list(
                            Types.oneOf(List.of("service_account", "volumes", "containers", "init_containers")),
                            "service_account, volumes, containers, init_containers"))
            .defaults(List.of(), "nothing")
            .example("[volumes, containers]")
            .help("Parts to remove from a Deployment that kubectl has made, when it is taken over. Without this "
                    + "key, they stay.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_SERVICE_ACCOUNT = Key.named(
                    "gke_service_account", Types.text("the name of a service account of Kubernetes", ACCOUNT))
            .defaultsTo("the present value; for a new Deployment `default`")
            .example("hello")
            .help("Kubernetes service account of the pods, such as one that Workload Identity ties to a Google "
                    + "account. It must exist in the namespace.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Map<String, Object>> GKE_PATCH = Key.named("gke_patch", PodPatch.type())
            .defaultsTo("none")
            .example("{spec: {template: {spec: {nodeSelector: {disk: ssd}}}}}")
            .help("Strategic merge patch of the Deployment, as `kubectl patch` takes it: side cars, volumes, node "
                    + "selectors, tolerations, probes, annotations of the pods. It cannot patch fields that other "
                    + "keys or the pipeline set.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Boolean> GKE_INTERNAL = Key.named("gke_internal", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help("Makes the load balancer reachable from the VPC only (Ingress class `gce-internal`). Then "
                    + "`gke_static_ip` is an optional regional address, and Google makes no certificate for it.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<Boolean> GKE_REDIRECT = Key.named("gke_redirect", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help(
                    "Redirects http to https at the load balancer, by a FrontendConfig or a route of the Gateway. Needs an "
                            + "https `live_url`.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    /**
     * The classes for one cluster whose address is ephemeral or has one reserved name: documentation of GKE, "GatewayClass
     * capabilities". {@code gke-l7-gxlb} is the classic Application Load Balancer.
     */
    private static final List<String> GATEWAY_CLASSES =
            List.of("gke-l7-global-external-managed", "gke-l7-regional-external-managed", "gke-l7-gxlb", "gke-l7-rilb");

    public static final Key<String> GKE_GATEWAY = Key.named("gke_gateway", Types.oneOf(GATEWAY_CLASSES))
            .defaultsTo("an Ingress")
            .example("gke-l7-global-external-managed")
            .help(
                    "Class of a Gateway that is made for the Service in place of an Ingress. The cluster needs the Gateway "
                            + "API; `gke-l7-rilb` is reached from the VPC only.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<String> GKE_CERTIFICATE_MAP = Key.named(
                    "gke_certificate_map", Types.text("the name of a certificate map", NAME))
            .defaultsTo("none")
            .example("hello-map")
            .help("Certificate map of Certificate Manager for a Gateway of a global class. It must exist.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    public static final Key<List<String>> GKE_CERTIFICATES = Key.named(
                    "gke_certificates",
                    Types.list(Types.text("the name of a certificate", NAME), "names of certificates"))
            .defaults(List.of(), "none")
            .example("[hello-cert]")
            .help("Names of SSL certificates of Compute Engine for a Gateway. They must exist.")
            .onlyFor(DeployTarget.GKE)
            .in(SECTION);

    private GkeKeys() {}
}
