package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameters of {@link CloudRunPrepareOperation}.
 *
 * @param deployed what it comes to; its URL is only known once it is there
 * @param tag what the candidate is reached by while it gets no traffic
 * @param there what is there already
 * @param atOnce whether the revision gets all traffic with its creation: in staging, and where nothing serves yet
 * @param before the traffic that it takes over then, to be given back
 * @param had what the service has in the place of the settings that it gets then
 * @param access what is to change about who may call the service
 * @param changes for the plan: what a new revision has otherwise than the one before, as ", …"
 * @param within how long the revision may take until it serves
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
    /** What of it exists. */
    enum There {
        NOTHING,
        SERVICE,
        REVISION,
        /** The revision, and it has the traffic. */
        SERVES
    }

    /** A change of who may call the service. */
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
