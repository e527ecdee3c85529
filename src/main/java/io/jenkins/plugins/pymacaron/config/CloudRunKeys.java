package io.jenkins.plugins.pymacaron.config;

import java.util.List;
import java.util.regex.Pattern;

/** The keys of a Cloud Run service other than image and size: networks, databases, its start. */
public final class CloudRunKeys {
    static final Section SECTION = new Section("Cloud Run: networks, databases, start");

    private static final String WHAT_IS_THERE = "the present value";
    /** A network name in its own project, or the full name of one elsewhere (Shared VPC). */
    private static final Pattern NETWORK =
            Pattern.compile("(?:projects/[a-z0-9.:-]+/[a-z0-9/-]+/)?[a-z](?:[a-z0-9-]*[a-z0-9])?");

    private static final Pattern TAG = Pattern.compile("[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern INSTANCE = Pattern.compile("[a-z0-9.:-]+:[a-z]+-[a-z]+[0-9]+:[a-z][a-z0-9-]*");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/-]{0,200}");
    /** Resource Manager, "Requirements for labels"; letters of other scripts, which it allows too, are left out. */
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_-]{0,62}=[a-z0-9_-]{0,63}");

    public static final Key<String> GCP_NETWORK = network("gcp_network", "a VPC network")
            .example("default")
            .help("VPC network for outgoing requests of the service, directly, without a connector.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_SUBNET = network("gcp_subnet", "a subnetwork")
            .example("services")
            .help("Subnetwork that gives instances their addresses.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<List<String>> GCP_NETWORK_TAGS = Key.named(
                    "gcp_network_tags", Types.list(Types.text("a network tag", TAG), "network tags"))
            .defaultsTo(WHAT_IS_THERE)
            .example("[egress]")
            .help("Network tags of the instances, with `gcp_network` or `gcp_subnet`.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_VPC_CONNECTOR = network("gcp_vpc_connector", "a VPC connector")
            .example("my-connector")
            .help("Serverless VPC Access connector for outgoing requests of the service.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_VPC_EGRESS = Key.named(
                    "gcp_vpc_egress", Types.oneOf(List.of("all-traffic", "private-ranges-only")))
            .defaultsTo(WHAT_IS_THERE)
            .example("private-ranges-only")
            .help("Outgoing requests of the service that go through the VPC.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<List<String>> GCP_SQL_INSTANCES = Key.named(
                    "gcp_sql_instances",
                    Types.list(Types.text("PROJECT:REGION:INSTANCE", INSTANCE), "connection names of Cloud SQL"))
            .defaultsTo(WHAT_IS_THERE)
            .example("[\"my-project:europe-west1:db\"]")
            .help("Cloud SQL instances, each with a socket below `/cloudsql`.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_STARTUP_PROBE = Key.named(
                    "gcp_startup_probe", Types.text("a path such as /ping", PATH))
            .defaultsTo(WHAT_IS_THERE)
            .example("/ping")
            .help("Path that must answer before an instance gets requests; the limit is four minutes.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Boolean> GCP_CPU_BOOST = Key.named("gcp_cpu_boost", Types.bool())
            .defaultsTo(WHAT_IS_THERE)
            .example("true")
            .help("Gives an instance more processor while it starts.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<String> GCP_EXECUTION_ENVIRONMENT = Key.named(
                    "gcp_execution_environment", Types.oneOf(List.of("gen1", "gen2")))
            .defaultsTo(WHAT_IS_THERE)
            .example("gen2")
            .help("Generation of the machine that instances run on.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<List<String>> GCP_LABELS = Key.named(
                    "gcp_labels", Types.list(Types.text("NAME=VALUE", LABEL), "labels"))
            .defaultsTo(WHAT_IS_THERE)
            .example("[\"team=payments\"]")
            .help("Labels of the service and its revisions, for instance for bills. Other labels stay.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    public static final Key<Boolean> GCP_PROVE_LIVE_URL = Key.named("gcp_prove_live_url", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help("Proves the version also at `live_url`, behind a load balancer or a domain mapping, before it "
                    + "counts as live.")
            .onlyFor(DeployTarget.CLOUD_RUN)
            .in(SECTION);

    private CloudRunKeys() {}

    private static Key.Definition<String> network(String name, String expected) {
        return Key.named(name, Types.text(expected, NETWORK)).defaultsTo(WHAT_IS_THERE);
    }
}
