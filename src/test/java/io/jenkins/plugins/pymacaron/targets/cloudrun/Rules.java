package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses what Cloud Run refuses of a service, beside names and types. */
final class Rules {
    private static final Set<String> RESERVED = Set.of("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION");
    private static final Pattern SYSTEM = Pattern.compile(
            "(?:run\\.googleapis\\.com|cloud\\.googleapis\\.com|serving\\.knative\\.dev|autoscaling\\.knative\\.dev)/.*");
    private static final Pattern IMAGE = Pattern.compile(
            "(?:(?:[a-z]+\\.)?gcr\\.io|[a-z0-9-]+-docker\\.pkg\\.dev|docker\\.io|127\\.0\\.0\\.1:[0-9]+)/.+|[^./:]+/.+");

    private Rules() {}

    static void name(String service) throws Refusal {
        if (!service.matches("[a-z](?:[a-z0-9-]*[a-z0-9])?") || service.length() > 49) {
            throw Refusal.invalid("service_id: only lowercase, digits, and hyphens; must begin with letter, and cannot"
                    + " end with hyphen; must be less than 50 characters.");
        }
    }

    static void service(String id, JsonNode service) throws Refusal {
        for (Map.Entry<String, JsonNode> note : service.path("annotations").properties()) {
            annotation(note.getKey());
        }
        for (Map.Entry<String, JsonNode> note :
                service.path("template").path("annotations").properties()) {
            annotation(note.getKey());
        }
        labels(service.path("labels"));
        labels(service.path("template").path("labels"));
        network(service.at("/template/vpcAccess"));
        probe(service.at("/template/containers/0/startupProbe"));
        mounts(service.path("template"));
        traffic(id, service.path("traffic"));
        template(id, service.path("template"));
    }

    private static void annotation(String name) throws Refusal {
        if (SYSTEM.matcher(name).matches()) {
            throw Refusal.invalid("annotation " + name + " is not supported in v2");
        }
    }

    /** Resource Manager, "Requirements for labels". */
    private static void labels(JsonNode labels) throws Refusal {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            if (!label.getKey().matches("\\p{Ll}[\\p{Ll}0-9_-]{0,62}")
                    || !label.getValue().asText().matches("[\\p{Ll}0-9_-]{0,63}")) {
                throw Refusal.invalid("label " + label + " does not conform to the requirements for labels");
            }
        }
    }

    /** "At least one of network or subnetwork must be specified", "Currently only single network interface": VpcAccess. */
    private static void network(JsonNode access) throws Refusal {
        JsonNode direct = access.path("networkInterfaces");
        if (direct.size() > 1
                || direct.size() == 1 && !access.path("connector").asText().isEmpty()) {
            throw Refusal.invalid("vpc_access: a connector or one network interface");
        }
        if (direct.size() == 1
                && direct.path(0).path("network").asText().isEmpty()
                && direct.path(0).path("subnetwork").asText().isEmpty()) {
            throw Refusal.invalid("vpc_access.network_interfaces: network or subnetwork must be specified");
        }
    }

    /** Probe: "Maximum value for startup probe is 240", "Exactly one of httpGet, tcpSocket, or grpc must be specified". */
    private static void probe(JsonNode probe) throws Refusal {
        if (probe.isMissingNode()) {
            return;
        }
        int period = probe.path("periodSeconds").asInt(10);
        int actions = 0;
        for (String action : new String[] {"httpGet", "tcpSocket", "grpc"}) {
            actions += probe.has(action) ? 1 : 0;
        }
        if (actions != 1
                || period > 240
                || probe.path("timeoutSeconds").asInt(1) > period
                || period * probe.path("failureThreshold").asInt(3) > 240) {
            throw Refusal.invalid("startup_probe: one action, and 240 seconds in all");
        }
    }

    /** VolumeMount: "This must match the Name of a Volume"; "For Cloud SQL volumes … must otherwise be {@code /cloudsql}". */
    private static void mounts(JsonNode template) throws Refusal {
        for (JsonNode mount : template.at("/containers/0/volumeMounts")) {
            JsonNode found = null;
            for (JsonNode volume : template.path("volumes")) {
                found = volume.path("name").equals(mount.path("name")) ? volume : found;
            }
            if (found == null
                    || found.has("cloudSqlInstance")
                            && !mount.path("mountPath").asText().equals("/cloudsql")) {
                throw Refusal.invalid("volume_mounts: " + mount + " fits no volume");
            }
        }
    }

    private static void traffic(String id, JsonNode traffic) throws Refusal {
        int sum = 0;
        for (JsonNode target : traffic) {
            sum += target.path("percent").asInt();
            String tag = target.path("tag").asText();
            if (!tag.isEmpty() && (!tag.matches("[a-z](?:[a-z0-9-]*[a-z0-9])?") || tag.length() + id.length() > 46)) {
                throw Refusal.invalid("traffic tag '" + tag + "' and service name '" + id
                        + "' together are too long. Combined traffic tag and service name cannot exceed 46"
                        + " characters.");
            }
            boolean byName = target.path("type").asText().endsWith("_REVISION");
            String revision = target.path("revision").asText();
            if (byName == revision.isEmpty()) {
                throw Refusal.invalid("traffic: a revision needs a name, and the latest has none");
            }
        }
        if (!traffic.isEmpty() && sum != 100) {
            throw Refusal.invalid("traffic: percents must add up to 100, they are " + sum);
        }
    }

    private static void template(String id, JsonNode template) throws Refusal {
        String revision = template.path("revision").asText();
        if (!revision.isEmpty()
                && (!revision.startsWith(id + "-")
                        || !revision.matches("[a-z](?:[a-z0-9-]*[a-z0-9])?")
                        || revision.length() > 63)) {
            throw Refusal.invalid("template.revision: '" + revision + "' must start with '" + id
                    + "-', have small letters, digits and hyphens, and 63 characters at most");
        }
        JsonNode container = template.path("containers").path(0);
        if (!IMAGE.matcher(container.path("image").asText()).matches()) {
            throw Refusal.invalid("template.containers[0].image: expected an image path like [host/]repo-path[:tag"
                    + " and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io");
        }
        for (JsonNode variable : container.path("env")) {
            if (RESERVED.contains(variable.path("name").asText())) {
                throw Refusal.invalid("template.containers[0].env: The following reserved env names were provided: "
                        + variable.path("name").asText());
            }
        }
        JsonNode limits = container.path("resources").path("limits");
        String cpu = limits.path("cpu").asText("1");
        if ((cpu.endsWith("m") || cpu.startsWith("0."))
                && template.path("maxInstanceRequestConcurrency").asInt(80) > 1) {
            throw Refusal.invalid("Total cpu < 1 is not supported with concurrency > 1");
        }
        memory(limits.path("memory").asText("512Mi"), cpu);
    }

    /** "Required minimum CPUs": Cloud Run documentation, "Memory limits". */
    private static void memory(String memory, String cpu) throws Refusal {
        if (!memory.matches("[0-9]+[GM]i")) {
            return;
        }
        int amount = Integer.parseInt(memory.replaceAll("\\D", "")) * (memory.endsWith("Gi") ? 1024 : 1);
        int least = amount > 24576 ? 8 : amount > 16384 ? 6 : amount > 8192 ? 4 : amount > 4096 ? 2 : 0;
        double cpus = cpu.endsWith("m") ? Double.parseDouble(cpu.replace("m", "")) / 1000 : Double.parseDouble(cpu);
        if (cpus < least) {
            throw Refusal.invalid("For memory " + memory + ", total cpu must be at least " + least);
        }
    }
}
