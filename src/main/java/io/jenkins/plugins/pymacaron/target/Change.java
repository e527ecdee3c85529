package io.jenkins.plugins.pymacaron.target;

import io.jenkins.plugins.pymacaron.operation.Operation;
import java.util.Map;

/**
 * An operation with the parameters it is to start with; nothing has happened yet.
 *
 * @param hoped by the kind of subject, what is observed if all goes well: what a plan is made with
 */
public record Change(Operation operation, Map<String, String> params, Map<String, Map<String, String>> hoped) {
    public Change {
        params = Map.copyOf(params);
        hoped = Map.copyOf(hoped);
    }
}
