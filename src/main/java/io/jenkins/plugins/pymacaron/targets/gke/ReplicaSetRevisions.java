package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ReplicaSets of a Deployment: each keeps the template of a deployment that served, or still does. A deployment by
 * kubectl or pymgke counts too, so that a rollback to it is possible; its id is the name of its ReplicaSet.
 *
 * @param deployment empty where there is none
 * @param sets in the order in which their templates were last used, the latest first
 */
record ReplicaSetRevisions(String environment, String url, Optional<ObjectNode> deployment, List<ObjectNode> sets) {

    static ReplicaSetRevisions read(KubernetesApi api, String environment, String url, GkeNames names) {
        Optional<ObjectNode> deployment = api.find(Kind.DEPLOYMENT, names.deployment());
        String uid = deployment.map(d -> JsonTree.at(d, "metadata", "uid")).orElse("none");
        List<ObjectNode> sets = api.list(Kind.REPLICA_SET, Map.of()).items().stream()
                .filter(set -> owner(set, "uid").equals(uid))
                .sorted(Comparator.comparingLong(ReplicaSetRevisions::number).reversed())
                .toList();
        return new ReplicaSetRevisions(environment, url, deployment, sets);
    }

    /** Returns the name of the object whose controller made this one, "" where there is none. */
    static String ownerName(JsonNode object) {
        return owner(object, "name");
    }

    private static String owner(JsonNode object, String field) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return JsonTree.at(owner, field);
            }
        }
        return "";
    }

    private static long number(JsonNode set) {
        return set.path("metadata")
                .path("annotations")
                .path(GkeMetadata.REVISION)
                .asLong();
    }

    static String id(JsonNode set) {
        String name = JsonTree.at(set, "metadata", "name");
        return isOurs(set)
                ? JsonTree.at(set, "metadata", "labels", GkeMetadata.DEPLOYMENT)
                : "set" + name.substring(name.lastIndexOf('-') + 1);
    }

    /**
     * Returns whether it is ours. A set whose template was changed by hand has our label, but is not ours: it runs
     * another image.
     */
    static boolean isOurs(JsonNode set) {
        return set.path("metadata").path("labels").has(GkeMetadata.DEPLOYMENT)
                && isIntact(set.path("spec").path("template"));
    }

    private static boolean isIntact(JsonNode template) {
        String said = JsonTree.at(template, "metadata", "annotations", GkeMetadata.DIGEST);
        return said.isEmpty() || said.equals(digest(template));
    }

    /**
     * Returns all sets of a deployment. A template that was restarted by kubectl, for instance, has more than one set.
     */
    List<ObjectNode> all(String id) {
        return sets.stream().filter(set -> id(set).equals(id)).toList();
    }

    Optional<ObjectNode> of(String id) {
        return sets.stream().filter(set -> id(set).equals(id)).findFirst();
    }

    /**
     * Returns the deployment that the template of the Deployment belongs to, or the word of the parameters of an
     * operation for none. A template of another tool is identified by its own content: its ReplicaSet appears only
     * after the controller has seen the template, so that the same template would have two names within a moment.
     */
    String owner() {
        return deployment
                .map(d -> templateOwner(d.path("spec").path("template")))
                .orElse(GkeDeployParameters.NO_OWNER);
    }

    /**
     * Returns the result of {@link #owner} once the Deployment has the template of {@link #of that deployment} again.
     */
    String ownerOf(String id) {
        return of(id).filter(set -> !isOurs(set))
                .map(set -> templateOwner(set.path("spec").path("template")))
                .orElse(id);
    }

    /**
     * Returns the owner. The template of a ReplicaSet is that of its Deployment with one more label (kubernetes,
     * pkg/controller/deployment/sync.go, {@code getNewReplicaSet}); older servers write an empty creation time into
     * both.
     */
    private static String templateOwner(JsonNode template) {
        if (isLabelled(template)) {
            return JsonTree.at(template, "metadata", "labels", GkeMetadata.DEPLOYMENT);
        }
        ObjectNode plain = template.deepCopy();
        ObjectNode metadata = plain.withObject("/metadata");
        metadata.remove("creationTimestamp");
        if (metadata.path("labels") instanceof ObjectNode labels) {
            labels.remove(GkeMetadata.TEMPLATE_HASH);
        }
        return "template-" + JsonTree.hash(plain);
    }

    /**
     * Returns whether the ReplicaSets are those of the template: the controller makes the one of a new template first,
     * and then writes the generation that it has seen (kubernetes, pkg/controller/deployment/sync.go,
     * {@code calculateStatus}).
     */
    boolean areObserved() {
        return deployment
                .filter(d -> d.path("status").path("observedGeneration").asLong()
                        < d.path("metadata").path("generation").asLong())
                .isEmpty();
    }

    private static boolean isLabelled(JsonNode template) {
        return isIntact(template)
                && !JsonTree.at(template, "metadata", "labels", GkeMetadata.DEPLOYMENT)
                        .isEmpty();
    }

    /** Returns the mark of the operation that was the last to change the Deployment, "" where none is known. */
    String mark() {
        return deployment
                .map(d -> d.path("metadata")
                        .path("annotations")
                        .path(GkeMetadata.LIVE)
                        .asText(""))
                .orElse("");
    }

    /** Returns the id of the deployment that the Deployment is to run, "" where it has not begun. */
    String wanted() {
        String label = deployment
                .map(d -> d.path("spec").path("template"))
                .filter(ReplicaSetRevisions::isIntact)
                .map(template -> JsonTree.at(template, "metadata", "labels", GkeMetadata.DEPLOYMENT))
                .orElse("");
        return label.isEmpty()
                ? sets.stream().findFirst().map(ReplicaSetRevisions::id).orElse("")
                : label;
    }

    /**
     * Returns the set that serves: the wanted one, once it is there in full; until then the other one that has the most
     * pods available.
     */
    Optional<ObjectNode> serving() {
        Optional<ObjectNode> wanted = of(wanted());
        int all = deployment.map(d -> d.path("spec").path("replicas").asInt(1)).orElse(0);
        if (wanted.isPresent() && all > 0 && available(wanted.get()) >= all) {
            return wanted;
        }
        return sets.stream()
                .filter(set -> available(set) > 0)
                .max(Comparator.comparingInt(ReplicaSetRevisions::available));
    }

    static int available(JsonNode set) {
        return set.path("status").path("availableReplicas").asInt(0);
    }

    /** Returns the sets that do not serve and have no pod, the one that served last first. */
    List<ObjectNode> idle() {
        String serving = serving().map(ReplicaSetRevisions::id).orElse("");
        return sets.stream()
                .filter(set -> !id(set).equals(serving) && !id(set).equals(wanted()) || serving.isEmpty())
                .filter(set -> set.path("spec").path("replicas").asInt() == 0)
                .toList();
    }

    Deployed deployed(ObjectNode set) {
        JsonNode metadata = set.path("spec").path("template").path("metadata");
        JsonNode annotations = metadata.path("annotations");
        String id = isOurs(set) ? JsonTree.at(annotations, GkeMetadata.ID) : id(set);
        String version = JsonTree.at(annotations, GkeMetadata.VERSION);
        return new Deployed(
                environment,
                id,
                version.isEmpty() ? JsonTree.at(metadata, "labels", "version") : version,
                digest(set.path("spec").path("template")),
                JsonTree.at(annotations, GkeMetadata.COMMIT),
                url,
                revision(owner(set, "name"), id),
                Instant.parse(JsonTree.at(set, "metadata", "creationTimestamp")));
    }

    /** Returns the digest that a template, or a pod, runs by the API. */
    static String digest(JsonNode template) {
        JsonNode containers = template.path("spec").path("containers");
        JsonNode ours = containers.path(0);
        for (JsonNode container : containers) {
            if (GkeNames.isContainer(JsonTree.at(container, "name"))) {
                ours = container;
            }
        }
        String image = JsonTree.at(ours, "image");
        return image.substring(image.indexOf('@') + 1);
    }

    /** Returns our name of a revision; the provider has none before the revision exists. */
    static String revision(String deployment, String id) {
        return deployment + "/" + id;
    }

    /** Returns the deployment of {@link #revision}. */
    static String deploymentOf(String revision) {
        return revision.substring(0, revision.indexOf('/'));
    }
}
