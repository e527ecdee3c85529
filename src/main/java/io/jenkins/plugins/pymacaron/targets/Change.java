package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.operation.Operation;
import java.util.HashMap;
import java.util.Map;

/**
 * An operation with the parameters that it starts with; nothing has happened yet.
 *
 * @param hoped the expected observations of a successful run, by kind of subject; a plan is made with them
 */
public record Change(Operation operation, Map<String, String> params, Map<String, Map<String, String>> hoped) {
    public Change {
        params = Map.copyOf(params);
        hoped = Map.copyOf(hoped);
    }

    /**
     * Returns the same change, which also leaves its mark on live.
     *
     * @param before the mark that was found when the operation was settled, "" for none
     * @param version the version that is to serve
     */
    public Change claiming(String before, String version) {
        Map<String, String> all = new HashMap<>(params);
        LiveMark.Claim.fresh(before, version).into(all);
        return new Change(operation, all, hoped);
    }

    /**
     * Returns the same change, which leaves its mark on a candidate that does not serve yet, so that an older run leaves
     * the candidate of a newer one alone.
     *
     * @param before the mark that the candidate had when the operation was settled, "" for none
     * @param version the version of the candidate
     */
    public Change claimingCandidate(String before, String version) {
        Map<String, String> all = new HashMap<>(params);
        LiveMark.Claim.fresh(before, version).intoCandidate(all);
        return new Change(operation, all, hoped);
    }
}
