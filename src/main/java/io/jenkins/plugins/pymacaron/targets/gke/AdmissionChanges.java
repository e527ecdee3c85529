package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Tells changes by a cluster's own admission from changes by others. Autopilot, for instance, sets limits to the
 * requests. The owners of an apply are settled before admission (kubernetes/apiserver,
 * pkg/endpoints/handlers/patch.go), so a field that admission has changed is still owned by us alone.
 */
final class AdmissionChanges {
    private static final String NOTHING = ": none -> ";

    private AdmissionChanges() {}

    /** Returns whether {@code there} is the result of applying {@code wanted}, with its mark. */
    static boolean isAsApplied(ObjectNode there, ObjectNode wanted) {
        List<String> differences = JsonTree.differences(there, wanted);
        return differences.isEmpty()
                || isSame(there, wanted, GkeMetadata.APPLIED)
                        && differences.stream().noneMatch(line -> line.contains(NOTHING))
                        && Takeover.owners(there, wanted).isEmpty();
    }

    /** Returns the differences of a Deployment, without those of resources that admission has made. */
    static List<String> differences(ObjectNode there, ObjectNode wanted) {
        List<String> all = JsonTree.differences(there, wanted);
        boolean ours = isSame(there, wanted, GkeMetadata.RESOURCES)
                && all.stream().noneMatch(line -> line.contains(".resources.") && line.contains(NOTHING))
                && Takeover.owners(there, resources(wanted)).isEmpty();
        return ours ? all.stream().filter(line -> !line.contains(".resources.")).toList() : all;
    }

    private static boolean isSame(JsonNode there, JsonNode wanted, String mark) {
        String hash = JsonTree.at(wanted, "metadata", "annotations", mark);
        return !hash.isEmpty() && hash.equals(JsonTree.at(there, "metadata", "annotations", mark));
    }

    private static ObjectNode resources(ObjectNode deployment) {
        ObjectNode alone = JsonTree.object();
        var containers = alone.withObject("/spec/template/spec").putArray("containers");
        for (JsonNode container : deployment.at("/spec/template/spec/containers")) {
            ObjectNode one = containers.addObject();
            one.set("name", container.path("name"));
            one.set("resources", container.path("resources"));
        }
        return alone;
    }
}
