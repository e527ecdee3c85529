package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Container;
import com.google.cloud.run.v2.EnvVar;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Lists the differences of a new revision from the template before it, for the plan; of variables only the names. */
final class RevisionDifferences {
    private RevisionDifferences() {}

    /** Returns "" or ", with …". */
    static String of(Service service, RevisionSpec spec, Map<String, String> variables) {
        RevisionTemplate before = service.getTemplate();
        if (before.getContainersCount() == 0) {
            return "";
        }
        Container container = before.getContainers(RevisionTemplateBuilder.main(before.getContainersList()));
        Map<String, String> limits = container.getResources().getLimitsMap();
        List<String> found = new ArrayList<>();
        differ(found, "memory", limits.getOrDefault("memory", ""), spec.memory());
        differ(found, "cpu", limits.getOrDefault("cpu", ""), spec.cpu());
        differ(
                found,
                "concurrency",
                Integer.toString(before.getMaxInstanceRequestConcurrency()),
                Integer.toString(spec.concurrency()));
        spec.settings()
                .minInstances()
                .ifPresent(least -> differ(
                        found,
                        "min instances of the revision",
                        count(before.getScaling().getMinInstanceCount()),
                        count(0)));
        spec.maxInstances()
                .ifPresent(most ->
                        differ(found, "max instances", count(before.getScaling().getMaxInstanceCount()), count(most)));
        differ(
                found,
                "timeout",
                before.getTimeout().getSeconds() + " s",
                spec.timeout().toSeconds() + " s");
        spec.serviceAccount()
                .ifPresent(account -> differ(found, "service account", before.getServiceAccount(), account));
        Map<String, String> had = spec.extras().in(before);
        new TreeMap<>(spec.extras().values())
                .forEach((name, value) -> differ(
                        found, name.replaceFirst("^gcp_", "").replace('_', ' '), had.getOrDefault(name, ""), value));
        Set<String> old = container.getEnvList().stream().map(EnvVar::getName).collect(Collectors.toSet());
        names(found, "variables that come: ", variables.keySet(), old);
        names(found, "variables that go: ", old, variables.keySet());
        return found.isEmpty() ? "" : "; " + String.join(", ", found);
    }

    private static String count(int instances) {
        return instances == 0 ? "none" : Integer.toString(instances);
    }

    static void differ(List<String> found, String what, String before, String after) {
        if (!before.equals(after)) {
            found.add(what + " " + (after.isEmpty() ? "none" : after) + " instead of "
                    + (before.isEmpty() ? "none" : before));
        }
    }

    private static void names(List<String> found, String what, Set<String> these, Set<String> without) {
        Set<String> names = new TreeSet<>(these);
        names.removeAll(without);
        if (!names.isEmpty()) {
            found.add(what + String.join(" ", names));
        }
    }
}
