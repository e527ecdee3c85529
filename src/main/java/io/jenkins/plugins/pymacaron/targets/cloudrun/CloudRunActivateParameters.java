package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parameters of {@link CloudRunActivateOperation}.
 *
 * @param deployed the deployment that gets the traffic
 * @param from the traffic split before
 * @param settled the split without the canary of another run that was cut off; what the undo returns to
 * @param old the version that answers now and may still answer during a canary; "" for none
 * @param tag the tag of the revision during a canary
 * @param canary the percentages on the way to all traffic
 * @param expected the deployment that has to serve when the operation begins, "" for none; absent = not compared
 * @param settings the settings that the service gets with the traffic
 * @param had the settings that these replace
 * @param forget see {@link CloudRunEffects#traffic}
 * @param within the time limit until the traffic has moved
 * @param tests how long the tests of a step of the canary may take
 */
record CloudRunActivateParameters(
        String service,
        Deployed deployed,
        TrafficSplit from,
        TrafficSplit settled,
        String old,
        String tag,
        List<Integer> canary,
        Optional<String> expected,
        CloudRunPrepareParameters.Access access,
        ServiceSettings settings,
        ServiceSettings had,
        String forget,
        Duration within,
        Duration tests) {

    String revision() {
        return deployed.revision();
    }

    TrafficSplit to() {
        return TrafficSplit.all(revision());
    }

    /** Returns the split; the remaining traffic goes to the revision that served most until now. */
    TrafficSplit share(int percent) {
        String rest = settled.shares().entrySet().stream()
                .filter(e -> !e.getKey().equals(revision()))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(revision());
        return rest.equals(revision()) ? to() : TrafficSplit.split(revision(), percent, rest);
    }

    Map<String, String> toParams() {
        Map<String, String> params = new HashMap<>();
        params.put("service", service);
        NestedParameters.put(params, "deployed", deployed.toMap());
        params.put("from", from.text());
        params.put("settled", settled.text());
        params.put("old", old);
        params.put("tag", tag);
        params.put("canary", canary.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        expected.ifPresent(id -> params.put("expected", id));
        params.put("access", access.name());
        NestedParameters.put(params, "settings", settings.toArgs());
        NestedParameters.put(params, "had", had.toArgs());
        params.put("forget", forget);
        params.put("within", within.toString());
        params.put("tests", tests.toString());
        return Map.copyOf(params);
    }

    static CloudRunActivateParameters read(Map<String, String> params) {
        return new CloudRunActivateParameters(
                params.get("service"),
                Deployed.fromMap(NestedParameters.below("deployed", params)).orElseThrow(),
                TrafficSplit.parse(params.get("from")),
                TrafficSplit.parse(params.get("settled")),
                params.get("old"),
                params.get("tag"),
                Stream.of(params.get("canary").split(" "))
                        .filter(text -> !text.isEmpty())
                        .map(Integer::valueOf)
                        .toList(),
                Optional.ofNullable(params.get("expected")),
                CloudRunPrepareParameters.Access.valueOf(params.get("access")),
                ServiceSettings.read(NestedParameters.below("settings", params)),
                ServiceSettings.read(NestedParameters.below("had", params)),
                params.get("forget"),
                Duration.parse(params.get("within")),
                Duration.parse(params.getOrDefault("tests", "PT0S")));
    }
}
