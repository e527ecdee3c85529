package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.FileMark;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads all that can tell early that a deployment cannot succeed. */
final class GkePreflight {
    static final List<String> MADE = List.of("get", "patch", "create", "delete");

    /** The rights that a deployment needs; docs/gke.md has the same as a Role. */
    private static final Map<String, List<String>> RIGHTS = rights();

    private final Environment environment;
    private final GkeNames names;
    private final Calls calls = new Calls(GkeFailureMapper::of);
    private final Consumer<String> log;
    private final List<Problem> problems = new ArrayList<>();

    GkePreflight(Environment environment, Consumer<String> log) {
        this.environment = environment;
        this.names = GkeNames.of(environment);
        this.log = log;
    }

    private static Map<String, List<String>> rights() {
        Map<String, List<String>> rights = new LinkedHashMap<>();
        rights.put("secrets", List.of("get", "list", "patch", "create", "delete"));
        rights.put("services", MADE);
        rights.put("services/proxy", List.of("get"));
        rights.put("pods", List.of("list", "watch"));
        rights.put("pods/log", List.of("get"));
        rights.put("apps/deployments", List.of("get", "list", "watch", "patch", "create", "update", "delete"));
        rights.put("apps/replicasets", List.of("list", "delete"));
        rights.put("coordination.k8s.io/leases", List.of("get", "create", "update", "delete"));
        return rights;
    }

    List<Problem> look(GkeClient connection) throws InterruptedException {
        names();
        GatewayRules.troubles(environment.config(), new FrontManifests(environment, names).url())
                .forEach(this::problem);
        try {
            KubernetesApi api = connection.api();
            log.accept(environment.name() + ": deploying to namespace " + names.namespace() + " at " + api.server()
                    + identity(api));
            Optional<ObjectNode> namespace =
                    calls.read("read Namespace " + names.namespace(), () -> api.get(Kind.NAMESPACE, names.namespace()));
            if (namespace.filter(GkePreflight::isTerminating).isPresent()) {
                problem(
                        "Namespace " + names.namespace() + " is being deleted, so that nothing can be made in it",
                        "Wait until kubectl get namespace " + names.namespace() + " no longer finds it");
            }
            if (namespace.isEmpty()) {
                allowed(api, "", "namespaces", List.of("patch", "create"));
            }
            for (Map.Entry<String, List<String>> right : RIGHTS.entrySet()) {
                int slash = right.getKey().contains(".") || right.getKey().startsWith("apps/")
                        ? right.getKey().indexOf('/')
                        : -1;
                allowed(
                        api,
                        slash < 0 ? "" : right.getKey().substring(0, slash),
                        right.getKey().substring(slash + 1),
                        right.getValue());
            }
            if (environment.slot() == Slot.LIVE) {
                // Tests reach the canary through this. A WebSocket is asked for by GET; Kubernetes requires "create"
                // too from 1.35 (KEP-4006, "RBAC create permission for portforward, exec and attach").
                allowed(api, "", "pods/portforward", List.of("get", "create"));
            }
            if (environment.config().get(GkeKeys.GKE_INGRESS)) {
                new LoadBalancerPreflight(environment, this, problems::add).look(connection, api);
            }
            deployment(api);
            front(api);
            account(api);
        } catch (TargetException e) {
            problem(e.getMessage(), "Look at the credential, the cluster and gke_cluster, gcp_region or gke_context");
        }
        return problems;
    }

    private void account(KubernetesApi api) throws TargetException, InterruptedException {
        Optional<String> account = environment.config().find(GkeKeys.GKE_SERVICE_ACCOUNT);
        if (account.isPresent()) {
            boolean there = calls.read(
                            "read ServiceAccount " + account.get(), () -> api.get(Kind.SERVICE_ACCOUNT, account.get()))
                    .isPresent();
            if (!there) {
                problem(
                        "there is no ServiceAccount " + account.get() + " in namespace " + names.namespace(),
                        "Create it, or correct gke_service_account");
            }
        }
    }

    private static boolean isTerminating(ObjectNode namespace) {
        return KubernetesApi.isBeingDeleted(namespace)
                || JsonTree.at(namespace, "status", "phase").equals("Terminating");
    }

    private void names() {
        names.strict()
                .forEach((kind, all) -> all.forEach(name -> NameRules.trouble(kind, name)
                        .ifPresent(trouble -> problem(
                                trouble,
                                kind == Kind.NAMESPACE ? "Set gke_namespace" : "Give the service another name"))));
    }

    /** Checks the objects that have our names and were made by others: some of them cannot be taken over. */
    private void front(KubernetesApi api) throws TargetException, InterruptedException {
        for (FrontManifests.Part part : new FrontManifests(environment, names).all(Map.of("app", names.deployment()))) {
            Kind kind = part.kind();
            String name = part.name();
            Optional<ObjectNode> there = calls.read("read " + kind.title() + " " + name, () -> api.find(kind, name));
            if (there.isEmpty() || there.get().path("metadata").path("labels").has(GkeMetadata.ENVIRONMENT)) {
                continue;
            }
            Optional<String> unfit = kind == Kind.SERVICE ? unfit(api, there.get()) : Optional.empty();
            if (unfit.isPresent()) {
                problem(
                        "Service " + name + " was made by another user or tool and " + unfit.get(),
                        "Delete or rename it, or deploy to another gke_namespace");
            } else {
                problems.add(Problem.warning(
                        environment.label(),
                        kind.title() + " " + name + " was made by another user or tool and is taken over",
                        "Deploy to another gke_namespace if that is not wanted."));
            }
        }
    }

    /** Returns the reason why a Service of others cannot become ours. */
    private Optional<String> unfit(KubernetesApi api, ObjectNode service) throws TargetException, InterruptedException {
        JsonNode spec = service.path("spec");
        for (JsonNode port : spec.path("ports")) {
            if (port.path("port").asInt() != DeploymentManifests.PORT) {
                return Optional.of("has the port " + port.path("port").asInt() + " beside " + DeploymentManifests.PORT);
            }
        }
        Map<String, String> ours = calls.read(
                        "read Deployment " + names.deployment(), () -> api.find(Kind.DEPLOYMENT, names.deployment()))
                .map(GkeDeployPlanner::selector)
                .orElse(Map.of("app", names.deployment()));
        boolean same = spec.path("selector").size() <= ours.size()
                && spec.path("selector").properties().stream()
                        .allMatch(e -> e.getValue().asText().equals(ours.get(e.getKey())));
        return same ? Optional.empty() : Optional.of("leads to other pods: " + spec.path("selector"));
    }

    /** Returns the identity of the caller. Kubernetes tells it since 1.28; an older one is asked for rights only. */
    private String identity(KubernetesApi api) throws InterruptedException, TargetException {
        try {
            ObjectNode review = DeploymentManifests.object(Kind.NAMESPACE, "", "", Map.of(), Map.of(), Map.of());
            review.removeAll();
            review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "SelfSubjectReview");
            JsonNode said = calls.read(
                    "ask who we are", () -> api.review("authentication.k8s.io", "selfsubjectreviews", review));
            return " as " + JsonTree.at(said, "status", "userInfo", "username");
        } catch (TargetException e) {
            if (e.getCause() instanceof KubernetesClientException k && (k.getCode() == 404 || k.getCode() == 403)) {
                return "";
            }
            throw e;
        }
    }

    /** Checks the rights to a resource in the namespace, and reports those that are missing. */
    void allowed(KubernetesApi api, String group, String resource, List<String> verbs)
            throws TargetException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (String verb : verbs) {
            int slash = resource.indexOf('/');
            Map<String, String> asked = new LinkedHashMap<>();
            asked.put("verb", verb);
            asked.put("group", group);
            asked.put("resource", slash < 0 ? resource : resource.substring(0, slash));
            if (slash >= 0) {
                asked.put("subresource", resource.substring(slash + 1));
            }
            if (!resource.equals("namespaces")) {
                asked.put("namespace", names.namespace());
            }
            ObjectNode review = (ObjectNode) JsonTree.of(Map.of(
                    "apiVersion", "authorization.k8s.io/v1",
                    "kind", "SelfSubjectAccessReview",
                    "spec", Map.of("resourceAttributes", asked)));
            JsonNode said = calls.read(
                    "ask for our rights", () -> api.review("authorization.k8s.io", "selfsubjectaccessreviews", review));
            if (!said.path("status").path("allowed").asBoolean()) {
                missing.add(verb);
            }
        }
        if (!missing.isEmpty()) {
            problem(
                    "not allowed to " + String.join(", ", missing) + " "
                            + (group.isEmpty() ? resource : resource + "." + group) + " in namespace "
                            + names.namespace(),
                    "Give that right by a Role; docs/gke.md has one with all that are needed");
        }
    }

    private void deployment(KubernetesApi api) throws TargetException, InterruptedException {
        Optional<ObjectNode> there =
                calls.read("read Deployment " + names.deployment(), () -> api.get(Kind.DEPLOYMENT, names.deployment()));
        if (there.isPresent() && !there.get().path("metadata").path("labels").has(GkeMetadata.ENVIRONMENT)) {
            problems.add(Problem.warning(
                    environment.label(),
                    "Deployment " + names.deployment()
                            + " was made by another user or tool; the fields that kubectl owns become ours",
                    "Deploy to another gke_namespace if that is not wanted."));
        }
        if (there.isPresent()) {
            JsonNode metadata = there.get().path("metadata");
            FileMark.problem(
                            environment,
                            "Deployment " + names.deployment() + " in namespace " + names.namespace(),
                            metadata.path("annotations").path(GkeMetadata.FILE).asText(""),
                            metadata.path("labels").has(GkeMetadata.ENVIRONMENT),
                            "name, gke_namespace or gke_cluster")
                    .ifPresent(problems::add);
        }
        boolean paused =
                there.isPresent() && there.get().path("spec").path("paused").asBoolean();
        if (paused) {
            problem("Deployment " + names.deployment() + " is paused", "Run kubectl rollout resume");
        }
    }

    void problem(String message, String advice) {
        problems.add(Problem.error(environment.name(), message, advice + "."));
    }
}
