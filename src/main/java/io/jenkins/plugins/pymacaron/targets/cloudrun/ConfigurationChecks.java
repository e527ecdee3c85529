package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.config.CloudRunKeys;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.ImageName;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds settings that Cloud Run would refuse, from the configuration alone. */
final class ConfigurationChecks {
    /** "Artifact Registry, Container Registry or Docker Hub": Cloud Run documentation, "Deploying container images". */
    private static final Pattern GOOGLES = Pattern.compile("(?:[a-z]+\\.)?gcr\\.io|[a-z0-9-]+-docker\\.pkg\\.dev");

    private static final Pattern LOOPBACK = Pattern.compile("(?:localhost|127\\.[0-9.]+)(?::[0-9]+)?");
    /** "maximum length is 32768 bytes": EnvVar.value. */
    private static final int VALUE_LIMIT = 32768;

    private static final Pattern CPUS = Pattern.compile("[12468]");
    private static final Map<String, Long> UNITS =
            Map.of("Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30, "k", 1000L, "M", 1_000_000L, "G", 1_000_000_000L);
    /** "CPU limits": 4 CPUs with 2 GiB at least, 6 and 8 with 4 GiB. */
    private static final Map<String, Long> LEAST_GI = Map.of("4", 2L, "6", 4L, "8", 4L);

    /** "Memory limits", "Required minimum CPUs", in Mi; below one CPU by {@link #mostOfPart}. */
    private static final Map<String, Long> MOST_MI =
            Map.of("1", 4096L, "2", 8192L, "4", 16384L, "6", 24576L, "8", 32768L);

    private final Environment environment;
    private final PymConfig config;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigurationChecks(Environment environment) {
        this.environment = environment;
        config = environment.config();
    }

    /**
     * Returns the problems.
     *
     * @param anyRegistry whether images may come from this machine, since the API is on it too
     */
    static List<Problem> problems(Environment environment, boolean anyRegistry) {
        ConfigurationChecks checks = new ConfigurationChecks(environment);
        CloudRunNames.of(checks.config, environment.slot())
                .problems()
                .forEach(problem -> checks.add(problem, "Choose a shorter or plainer name."));
        checks.image(anyRegistry);
        checks.resources();
        checks.variables();
        checks.extras();
        if (checks.config.withAsync()) {
            checks.add(
                    "with_async is set, but Cloud Run gives no processor to celery between requests",
                    "Use another deploy_target, or take with_async away.");
        }
        return checks.problems;
    }

    static boolean isGoogles(String registry) {
        return GOOGLES.matcher(registry).matches();
    }

    private void image(boolean anyRegistry) {
        String registry = config.registry();
        boolean local = anyRegistry && LOOPBACK.matcher(registry).matches();
        if (!registry.equals(ImageName.DOCKER_HUB) && !isGoogles(registry) && !local) {
            add(
                    "Cloud Run cannot pull from registry " + registry
                            + ", only from Artifact Registry and public repositories of Docker Hub",
                    "Set registry to REGION-docker.pkg.dev and docker_repo to PROJECT/REPOSITORY.");
        }
        if (registry.equals(ImageName.DOCKER_HUB)
                && config.find(GoogleKeys.GCP_PROJECT).isEmpty()) {
            add(
                    "gcp_project is missing, and docker_repo is no project where the registry is Docker Hub",
                    "Set gcp_project to the id of the Google Cloud project.");
        }
        if (!config.platform().equals("linux/amd64")) {
            add("Cloud Run runs linux/amd64, not " + config.platform(), "Take platform away.");
        }
    }

    private void resources() {
        String cpu = config.get(GoogleKeys.GCP_CPU).replaceFirst("000m$", "");
        boolean part = cpu.startsWith("0.") || cpu.endsWith("m");
        if (part && config.get(GoogleKeys.GCP_REQUEST_CONCURRENCY) > 1) {
            add(
                    "gcp_cpu " + cpu
                            + " is less than one processor, and Cloud Run wants gcp_request_concurrency 1 then",
                    "Set gcp_cpu to 1, or gcp_request_concurrency to 1.");
        }
        if (!part && !CPUS.matcher(cpu).matches()) {
            add("gcp_cpu is " + cpu + ", and Cloud Run has 1, 2, 4, 6 or 8", "Choose one of them.");
        }
        long least = LEAST_GI.getOrDefault(cpu, 0L) << 30;
        if (bytes(config.get(GoogleKeys.GCP_MEMORY)) < least) {
            add(
                    "gcp_memory is " + config.get(GoogleKeys.GCP_MEMORY) + ", and Cloud Run wants at least "
                            + (least >> 30) + "Gi with gcp_cpu " + cpu,
                    "Raise gcp_memory.");
        }
        long most = (part ? mostOfPart(cpu) : MOST_MI.getOrDefault(cpu, Long.MAX_VALUE >> 20)) << 20;
        if (bytes(config.get(GoogleKeys.GCP_MEMORY)) > most) {
            add(
                    "gcp_memory is " + config.get(GoogleKeys.GCP_MEMORY) + ", and Cloud Run has at most " + (most >> 20)
                            + "Mi with gcp_cpu " + cpu,
                    "Lower gcp_memory or raise gcp_cpu.");
        }
        int fewest = config.find(GoogleKeys.GCP_MIN_INSTANCES).orElse(0);
        config.find(GoogleKeys.GCP_MAX_INSTANCES)
                .filter(instances -> instances < fewest)
                .ifPresent(instances -> add(
                        "gcp_max_instances " + instances + " is less than gcp_min_instances " + fewest,
                        "Raise the one or lower the other."));
    }

    private void extras() {
        boolean direct = config.find(CloudRunKeys.GCP_NETWORK).isPresent()
                || config.find(CloudRunKeys.GCP_SUBNET).isPresent();
        if (direct && config.find(CloudRunKeys.GCP_VPC_CONNECTOR).isPresent()) {
            add(
                    "gcp_vpc_connector stands beside gcp_network or gcp_subnet, and a service has one way to a VPC",
                    "Take one of them away.");
        }
        String cpu = config.get(GoogleKeys.GCP_CPU).replaceFirst("000m$", "");
        if ((cpu.startsWith("0.") || cpu.endsWith("m"))
                && config.find(CloudRunKeys.GCP_EXECUTION_ENVIRONMENT)
                        .filter("gen2"::equals)
                        .isPresent()) {
            add(
                    "gcp_cpu " + cpu
                            + " is less than one processor, which only the first generation has, and"
                            + " gcp_execution_environment is gen2",
                    "Set gcp_cpu to 1, or take gcp_execution_environment away.");
        }
    }

    /**
     * Returns the memory limit by "CPU limits", "CPUs of less than 1": below half of one 512 MiB at most, else 1 GiB.
     */
    private static long mostOfPart(String cpu) {
        double cpus = cpu.endsWith("m")
                ? Double.parseDouble(cpu.substring(0, cpu.length() - 1)) / 1000
                : Double.parseDouble(cpu);
        return cpus < 0.5 ? 512 : 1024;
    }

    private static long bytes(String amount) {
        String unit = amount.replaceFirst("^[0-9]+", "");
        return Long.parseLong(amount.substring(0, amount.length() - unit.length())) * UNITS.get(unit);
    }

    private void variables() {
        environment.variables().forEach((name, value) -> {
            if (RevisionTemplateBuilder.RESERVED.contains(name)) {
                add(name + " is set by Cloud Run itself, which refuses another value", "Take it out of env_secrets.");
            }
            if (value.getBytes(StandardCharsets.UTF_8).length > VALUE_LIMIT) {
                add(
                        "the value of " + name + " has more than the " + VALUE_LIMIT + " bytes that Cloud Run takes",
                        "Put it into Secret Manager and set it to projects/PROJECT/secrets/NAME.");
            }
        });
    }

    private void add(String message, String advice) {
        problems.add(Problem.error(environment.name(), message, advice));
    }
}
