package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of the pipeline itself, and of the differences between the slots. */
public final class PipelineKeys {
    static final Section SECTION = new Section("The pipeline");
    static final Section ACCEPT_SECTION = new Section("In `accept:`");
    static final Section TIMEOUTS_SECTION = new Section("In `timeouts:`");
    static final Section RETENTION_SECTION = new Section("In `retention:`");
    static final Section OLD = new Section("Known, but without effect");
    static final Duration LONGEST_STAGE = Duration.ofDays(1);

    public static final Key<Duration> READY_TIMEOUT = Key.named("ready_timeout", Types.duration(LONGEST_STAGE))
            .defaults(Duration.ofMinutes(1), "`1m`")
            .example("90s")
            .help("Longest time from the start of the service until GET /ping answers.")
            .in(ACCEPT_SECTION);

    public static final Key<Duration> REQUEST_TIMEOUT = Key.named(
                    "request_timeout", Types.duration(Duration.ofMinutes(5)))
            .defaults(Duration.ofSeconds(5), "`5s`")
            .example("5s")
            .help("Longest time for one probe.")
            .in(ACCEPT_SECTION);

    public static final Key<Integer> CONSECUTIVE = Key.named("consecutive", Types.integer(1, 100))
            .defaults(3, "`3`")
            .example("3")
            .help("Number of correct answers in a row that prove a version.")
            .in(ACCEPT_SECTION);

    public static final Key<List<String>> TESTS = Key.named("tests", ServiceTypes.paths())
            .defaults(List.of("testaccept"), "`[testaccept]`")
            .example("[testaccept]")
            .help("Directories or files with acceptance tests.")
            .shared()
            .in(ACCEPT_SECTION);

    public static final Key<String> RUNNER = Key.named("runner", Types.oneOf(List.of("pytest", "unittest")))
            .defaultsTo("`pytest`, where the interpreter has it")
            .example("unittest")
            .help("Test runner. With `unittest`, tests that only pytest would run are listed, and are no failure.")
            .shared()
            .in(ACCEPT_SECTION);

    public static final Key<Integer> PARALLEL = Key.named("parallel", Types.integer(1, 32))
            .defaults(1, "`1`")
            .example("4")
            .help(
                    "Largest number of processes that run the acceptance tests; the tests of one file run in one process. Uses "
                            + "pytest-xdist where the interpreter has it.")
            .shared()
            .in(ACCEPT_SECTION);

    public static final Key<String> HOST = Key.named("host", ServiceTypes.hostHeader())
            .defaultsTo("the host of the address that is asked")
            .example("hello.example.com")
            .help("Host header of the probes, for a service that answers only to its own name. Tests get it as "
                    + "`PYM_SERVER_NAME`. Probes of Cloud Run and of the API server of GKE do not use it.")
            .in(ACCEPT_SECTION);

    public static final Key<String> BASE_PATH = Key.named("base_path", ServiceTypes.basePath())
            .defaultsTo("none: `/ping` and `/version` are at the root")
            .example("/api")
            .help("Path before `/ping` and `/version`. Tests get it as `PYM_SERVER_BASE_PATH`. The health checks "
                    + "of load balancers and pods use it too.")
            .in(ACCEPT_SECTION);

    private static final Map<String, Key<Duration>> STAGES = new TreeMap<>();

    static {
        stage("unit", 30, null, "the unit tests");
        stage("build", 30, null, "building the image");
        stage("container", 30, null, "accepting the image in a container");
        stage("push", 15, null, "pushing the image");
        stage("staging", 30, Slot.STAGING, "deploying to staging");
        stage("accept_staging", 30, Slot.STAGING, "accepting staging");
        stage("pre_promote", 30, Slot.LIVE, "the command of `pre_promote`");
        stage("promote", 30, Slot.LIVE, "promoting to live");
        stage("live", 30, Slot.LIVE, "accepting live");
        stage("rollback", 30, Slot.LIVE, "the rollback to the previous version");
    }

    /** Adds the key of a stage. @param slot that the stage changes or tests; null for none */
    private static void stage(String name, int minutes, Slot slot, String what) {
        Key.Definition<Duration> key = Key.named(name, Types.duration(LONGEST_STAGE))
                .defaults(Duration.ofMinutes(minutes), "`" + minutes + "m`")
                .example(minutes + "m")
                .help("Longest time for " + what + ".");
        STAGES.put(name, (slot == null ? key.shared() : key.onlyIn(slot)).in(TIMEOUTS_SECTION));
    }

    public static final Key<Integer> IMAGES = Key.named("images", Types.integer(1, 1000))
            .defaults(5, "`5`")
            .example("5")
            .help("Number of the service's images that stay on the machine that builds.")
            .shared()
            .in(RETENTION_SECTION);

    public static final Key<Integer> DEPLOYMENTS = Key.named("deployments", Types.integer(0, 100))
            .defaults(1, "`1`")
            .example("1")
            .help("Number of earlier deployments that are kept for a rollback.")
            .in(RETENTION_SECTION);

    public static final Key<Boolean> KEEP_FAILED = Key.named("keep_failed", Types.bool())
            .defaults(false, "`false`")
            .example("true")
            .help("Keeps a candidate that failed, so that you can look at it: a stopped container on docker, a "
                    + "running environment, revision or pod on a cloud.")
            .shared()
            .in(RETENTION_SECTION);

    public static final Key<Duration> KEEP = Key.named("keep", Types.duration(Duration.ofDays(365)))
            .defaultsTo("until the next success")
            .example("24h")
            .help("Longest time for which an earlier deployment in a cloud stays warm after it was replaced.")
            .onlyFor(DeployTarget.BEANSTALK)
            .in(RETENTION_SECTION);

    public static final Key<String> REMOVED = Key.named("removed", Types.oneOf(List.of("keep", "end")))
            .defaults("keep", "`keep`")
            .example("end")
            .help("Action for a container at an address that this file does not name any more. `end`: the next "
                    + "deployment stops it. `keep`: it runs until `pymdeploy --cleanup`.")
            .onlyFor(DeployTarget.DOCKER)
            .in(RETENTION_SECTION);

    static final Key<Settings> ACCEPT = Key.named("accept", Types.block(ACCEPT_SECTION))
            .steering()
            .help("Acceptance of a candidate; keys below.")
            .in(SECTION);

    static final Key<Settings> TIMEOUTS = Key.named("timeouts", Types.block(TIMEOUTS_SECTION))
            .steering()
            .help("Time limits of the stages; keys below.")
            .in(SECTION);

    public static final Key<Boolean> OVERLAP = Key.named("overlap", Types.bool())
            .defaults(true, "`true`")
            .example("false")
            .steering()
            .shared()
            .help("Pushes the image while it is accepted, and starts the rehearsal for live on Docker while staging is "
                    + "accepted. A rehearsal has the variables of live, so set `false` for a service that changes data "
                    + "when it starts. With `false`, only an accepted image is pushed, and nothing starts for live before "
                    + "staging is accepted. A stage in a process of its own, as in Jenkins, always waits for the stage "
                    + "before it. With `builder: layers` a tag is given to an accepted image only.")
            .in(SECTION);

    static final Key<Settings> RETENTION = Key.named("retention", Types.block(RETENTION_SECTION))
            .steering()
            .help("Images and deployments to keep; keys below.")
            .in(SECTION);

    public static final Key<List<String>> PRE_PROMOTE = Key.named("pre_promote", ServiceTypes.argv())
            .defaults(List.of(), "nothing")
            .example("[python, manage.py, migrate]")
            .steering()
            .help("A program and its arguments, such as a migration of the database. It runs after staging is "
                    + "accepted and before live changes. A rollback does not undo it.")
            .in(SECTION);

    public static final Key<String> DOCKER_NETWORK = Key.named("docker_network", Types.oneOf(List.of("bridge", "host")))
            .defaultsTo("`bridge`, where the engine has one")
            .example("host")
            .help("Network of the docker target's containers. With `host` (the network of the engine's machine), "
                    + "live is replaced without a gap; the engine must be on this machine.")
            .onlyFor(DeployTarget.DOCKER)
            .in(SECTION);

    public static final Key<LiveUrl> DOCKER_ADDRESS = Key.named("docker_address", ServiceTypes.url())
            .defaultsTo("`live_url`")
            .example("http://127.0.0.1:8090")
            .help("Address of the container itself, if `live_url` is the address of a proxy in front of it. In a "
                    + "`staging` block: for staging.")
            .onlyFor(DeployTarget.DOCKER)
            .in(SECTION);

    static final Key<Value> STAGING = Key.named("staging", Types.any("a block of keys"))
            .steering()
            .help("Any other key of this page, for staging only.")
            .in(SECTION);

    static final Key<Value> LIVE = Key.named("live", Types.any("a block of keys, or a list of them"))
            .steering()
            .help("Any other key of this page, for live only. To deploy to several live environments, such as "
                    + "regions, give a list of blocks. All of them are promoted, or rolled back, together.")
            .in(SECTION);

    static {
        old("staging_url", "Write live_url in the block staging.");
        old("staging_host", "Write live_host in the block staging.");
        old("env_jwt_secret", "Use jwt_secret and env_secrets.");
        old("env_jwt_audience", "Use jwt_audience and env_secrets.");
        old("app_name_live", "Use scout_app_name.");
        old("app_name_dev", "Use scout_app_name.");
    }

    private static void old(String name, String advice) {
        Key.named(name, Types.any("anything"))
                .retired(advice)
                .steering()
                .help(advice)
                .in(OLD);
    }

    private PipelineKeys() {}

    /** Returns the keys whose block in a slot is laid over the file key by key, with the keys in them. */
    static List<Map.Entry<Key<Settings>, Section>> blocks() {
        return List.of(
                Map.entry(ACCEPT, ACCEPT_SECTION),
                Map.entry(TIMEOUTS, TIMEOUTS_SECTION),
                Map.entry(RETENTION, RETENTION_SECTION));
    }

    static Map<String, Key<Duration>> stages() {
        return STAGES;
    }
}
