package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Applies a field mask: each of its paths is taken over, and removed where it is missing (AIP-134). */
final class Mask {
    private Mask() {}

    static ObjectNode merge(ObjectNode before, ObjectNode told, Set<String> paths) {
        ObjectNode next = before.deepCopy();
        for (String path : paths) {
            int dot = path.indexOf('.');
            if (dot > 0) {
                String field = path.substring(0, dot);
                next.set(
                        field,
                        merge(
                                next.withObject("/" + field),
                                told.path(field) instanceof ObjectNode part ? part : told.objectNode(),
                                Set.of(path.substring(dot + 1))));
            } else if (told.has(path)) {
                next.set(path, told.get(path));
            } else {
                next.remove(path);
            }
        }
        return next;
    }
}
