package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameters of {@link CloudRunPrepareOperation}.
 *
 * @param deployed the resulting deployment; its URL is only known once it exists
 * @param tag the tag by which the candidate is reached while it gets no traffic
 * @param there the parts that exist already
 * @param atOnce whether the revision gets all traffic with its creation: in staging, and where nothing serves yet
 * @param before the traffic that it takes over then, which the undo gives back
 * @param had the settings of the service that the new ones replace
 * @param access the change of the access to the service
 * @param changes for the plan: the differences of a new revision from the one before, as ", …"
 * @param within the time limit until the revision serves
 */
record CloudRunPrepareParameters(
        CloudRunNames names,
        Deployed deployed,
        String tag,
        RevisionSpec spec,
        There there,
        boolean atOnce,
        TrafficSplit before,
        ServiceSettings had,
        Access access,
        String changes,
        Duration within) {
    /** The parts of it that exist. */
    enum There {
        NOTHING,
        SERVICE,
        REVISION,
        /** The revision exists, and has the traffic. */
        SERVES
    }

    /** A change of the access to the service. */
    enum Access {
        AS_IT_IS,
        OPEN,
        CLOSE
    }

    String revision() {
        return deployed.revision();
    }

    Map<String, String> toParams() {
        Map<String, String> params = new HashMap<>();
        params.put("project", names.project());
        params.put("region", names.region());
        params.put("service", names.service());
        NestedParameters.put(params, "deployed", deployed.toMap());
        params.put("tag", tag);
        NestedParameters.put(params, "spec", spec.toArgs());
        params.put("there", there.name());
        params.put("atOnce", Boolean.toString(atOnce));
        params.put("before", before.text());
        NestedParameters.put(params, "had", had.toArgs());
        params.put("access", access.name());
        params.put("changes", changes);
        params.put("within", within.toString());
        return Map.copyOf(params);
    }

    static CloudRunPrepareParameters read(Map<String, String> params) {
        return new CloudRunPrepareParameters(
                new CloudRunNames(params.get("project"), params.get("region"), params.get("service")),
                Deployed.fromMap(NestedParameters.below("deployed", params)).orElseThrow(),
                params.get("tag"),
                RevisionSpec.read(NestedParameters.below("spec", params)),
                There.valueOf(params.get("there")),
                Boolean.parseBoolean(params.get("atOnce")),
                TrafficSplit.parse(params.get("before")),
                ServiceSettings.read(NestedParameters.below("had", params)),
                Access.valueOf(params.get("access")),
                params.get("changes"),
                Duration.parse(params.get("within")));
    }
}
