package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of {@link GkeDeployOperation}.
 *
 * @param expected the deployment that has to serve when it begins, "" for none; absent = not compared
 * @param acts the changes, in order
 * @param back the effects of the undo, in order; each belongs to the act whose {@code verb:Kind/name} it names
 * @param subject the subject to wait for and prove, see {@link GkeStateReader}
 * @param within the time limit of that
 * @param owners labels of the deployments that may own the Deployment, {@link #NO_OWNER} where it may be absent; empty =
 *     not compared
 */
record GkeDeployParameters(
        Deployed deployed,
        Optional<String> expected,
        List<GkeEffects> acts,
        List<Back> back,
        GkeWaitConditions subject,
        Duration within,
        List<String> owners) {
    /** The owner where there is no Deployment. */
    static final String NO_OWNER = "-";

    GkeDeployParameters(
            Deployed deployed,
            Optional<String> expected,
            List<GkeEffects> acts,
            List<Back> back,
            GkeWaitConditions subject,
            Duration within) {
        this(deployed, expected, acts, back, subject, within, List.of());
    }

    /** An act of the undo, needed where the effect of that key was touched. */
    record Back(String key, GkeEffects act) {}

    Map<String, String> toParams() {
        Map<String, String> params = new HashMap<>();
        deployed.toMap().forEach((name, value) -> params.put("deployed." + name, value));
        expected.ifPresent(id -> params.put("expected", id));
        params.put("acts", GkeEffects.write(acts));
        params.put("back", GkeEffects.write(back.stream().map(Back::act).toList()));
        params.put("keys", String.join(" ", back.stream().map(Back::key).toList()));
        params.put("subject", subject.text());
        params.put("within", within.toString());
        params.put("owners", String.join(" ", owners));
        return Map.copyOf(params);
    }

    static GkeDeployParameters read(Map<String, String> params) {
        Map<String, String> deployed = new HashMap<>();
        params.forEach((name, value) -> {
            if (name.startsWith("deployed.")) {
                deployed.put(name.substring("deployed.".length()), value);
            }
        });
        List<GkeEffects> acts = GkeEffects.read(params.get("back"));
        String[] keys = params.get("keys").split(" ");
        List<Back> back = java.util.stream.IntStream.range(0, acts.size())
                .mapToObj(i -> new Back(keys[i], acts.get(i)))
                .toList();
        return new GkeDeployParameters(
                Deployed.fromMap(deployed).orElseThrow(),
                Optional.ofNullable(params.get("expected")),
                GkeEffects.read(params.get("acts")),
                back,
                GkeWaitConditions.read(params.get("subject")),
                Duration.parse(params.get("within")),
                Arrays.stream(params.getOrDefault("owners", "").split(" "))
                        .filter(owner -> !owner.isEmpty())
                        .toList());
    }
}
