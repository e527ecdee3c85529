package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.config.CloudRunKeys;
import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of a service outside its revisions. They change when live does, and a setting that is not named stays as
 * it is.
 *
 * @param ingress as in the configuration, "" keeps it
 * @param minInstances of all revisions together; each gets its part by its share of the traffic, so that a candidate
 *     without traffic costs nothing (google.cloud.run.v2, {@code ServiceScaling})
 * @param labels by name, {@link #NONE_THERE} for one that is removed
 */
record ServiceSettings(String ingress, Optional<Integer> minInstances, Map<String, String> labels) {
    /** Stands for a missing label; it is no possible value of a label. */
    static final String NONE_THERE = "~";

    static final ServiceSettings NONE = new ServiceSettings("", Optional.empty(), Map.of());

    private static final String INGRESS = "ingress";
    private static final String MIN_INSTANCES = "minInstances";
    private static final String LABEL = "label:";

    ServiceSettings {
        labels = Map.copyOf(labels);
    }

    static ServiceSettings of(PymConfig config) {
        return new ServiceSettings(
                config.find(GoogleKeys.GCP_INGRESS).orElse(""),
                config.find(GoogleKeys.GCP_MIN_INSTANCES),
                labels(config));
    }

    static Map<String, String> labels(PymConfig config) {
        Map<String, String> labels = new TreeMap<>();
        for (String label : config.find(CloudRunKeys.GCP_LABELS).orElse(List.of())) {
            int equals = label.indexOf('=');
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return labels;
    }

    /** Returns the current values of these settings in {@code service}, for the undo. */
    ServiceSettings in(Service service) {
        Map<String, String> had = new HashMap<>();
        labels.keySet().forEach(name -> had.put(name, service.getLabelsMap().getOrDefault(name, NONE_THERE)));
        return new ServiceSettings(
                ingress.isEmpty() ? "" : there(service),
                minInstances.map(least -> service.getScaling().getMinInstanceCount()),
                had);
    }

    /** Returns the ingress; a service without a setting accepts requests from everywhere. */
    private static String there(Service service) {
        String ingress = RevisionTemplateBuilder.ingress(service.getIngress());
        return ingress.isEmpty() && !service.getName().isEmpty() ? "all" : ingress;
    }

    /** Applies the settings. Returns the names of the fields that have changed. */
    List<String> apply(Service.Builder service) {
        Service before = service.build();
        List<String> fields = new ArrayList<>();
        RevisionTemplateBuilder.ingress(ingress).ifPresent(service::setIngress);
        if (service.getIngress() != before.getIngress()) {
            fields.add("ingress");
        }
        minInstances.ifPresent(least -> service.getScalingBuilder().setMinInstanceCount(least));
        if (minInstances.isPresent()
                && before.getScaling().getMinInstanceCount()
                        != service.getScaling().getMinInstanceCount()) {
            fields.add("scaling");
        }
        labels.forEach((name, value) -> {
            if (value.equals(NONE_THERE)) {
                service.removeLabels(name);
            } else {
                service.putLabels(name, value);
            }
        });
        if (!service.getLabelsMap().equals(before.getLabelsMap())) {
            fields.add("labels");
        }
        return fields;
    }

    /** Returns "" or "; ingress …", for the plan. @param had the result of {@link #in} for the service */
    String changes(ServiceSettings had) {
        List<String> found = new ArrayList<>();
        RevisionDifferences.differ(found, "ingress", had.ingress, ingress);
        RevisionDifferences.differ(
                found,
                "min instances of the service",
                had.minInstances.map(String::valueOf).orElse(""),
                minInstances.map(String::valueOf).orElse(""));
        new TreeMap<>(labels).forEach((name, value) -> {
            String before = had.labels.getOrDefault(name, NONE_THERE);
            RevisionDifferences.differ(found, "label " + name, before.equals(NONE_THERE) ? "" : before, value);
        });
        return found.isEmpty() ? "" : "; " + String.join(", ", found);
    }

    Map<String, String> toArgs() {
        Map<String, String> args = new HashMap<>();
        args.put(INGRESS, ingress);
        minInstances.ifPresent(least -> args.put(MIN_INSTANCES, Integer.toString(least)));
        labels.forEach((name, value) -> args.put(LABEL + name, value));
        return Map.copyOf(args);
    }

    static ServiceSettings read(Map<String, String> args) {
        Map<String, String> labels = new HashMap<>();
        args.forEach((name, value) -> {
            if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), value);
            }
        });
        return new ServiceSettings(
                args.getOrDefault(INGRESS, ""),
                Optional.ofNullable(args.get(MIN_INSTANCES)).map(Integer::valueOf),
                labels);
    }
}
