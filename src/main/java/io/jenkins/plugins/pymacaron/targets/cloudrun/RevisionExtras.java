package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.CloudSqlInstance;
import com.google.cloud.run.v2.Container;
import com.google.cloud.run.v2.ExecutionEnvironment;
import com.google.cloud.run.v2.HTTPGetAction;
import com.google.cloud.run.v2.Probe;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.Volume;
import com.google.cloud.run.v2.VolumeMount;
import io.jenkins.plugins.pymacaron.config.CloudRunKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The optional settings of a revision, by the names of the keys. A setting without a key is not in it, and stays as the
 * service has it.
 */
record RevisionExtras(Map<String, String> values) {
    static final RevisionExtras NONE = new RevisionExtras(Map.of());

    private static final String PREFIX = "extra:";
    private static final String SQL = CloudRunKeys.GCP_SQL_INSTANCES.name();
    private static final String PROBE = CloudRunKeys.GCP_STARTUP_PROBE.name();
    private static final String BOOST = CloudRunKeys.GCP_CPU_BOOST.name();
    private static final String GENERATION = CloudRunKeys.GCP_EXECUTION_ENVIRONMENT.name();

    /** As gcloud calls them ({@code --add-cloudsql-instances}). */
    private static final String VOLUME = "cloudsql";

    private static final String SOCKETS = "/cloudsql";

    /**
     * The probe runs every five seconds for four minutes, the longest time that a probe may take ("Container health
     * checks").
     */
    private static final int PERIOD = 5;

    private static final int TRIES = 48;

    RevisionExtras {
        values = Map.copyOf(values);
    }

    static RevisionExtras of(PymConfig config) {
        Map<String, String> values = new HashMap<>(EgressSettings.of(config));
        config.find(CloudRunKeys.GCP_SQL_INSTANCES).ifPresent(all -> values.put(SQL, String.join(" ", all)));
        config.find(CloudRunKeys.GCP_STARTUP_PROBE).ifPresent(path -> values.put(PROBE, path));
        config.find(CloudRunKeys.GCP_CPU_BOOST).ifPresent(on -> values.put(BOOST, on.toString()));
        config.find(CloudRunKeys.GCP_EXECUTION_ENVIRONMENT).ifPresent(name -> values.put(GENERATION, name));
        return new RevisionExtras(values);
    }

    /** Returns the current values of these settings in {@code template}, in the form of the keys; "" for none. */
    Map<String, String> in(RevisionTemplate template) {
        Map<String, String> had = new HashMap<>(EgressSettings.in(template.getVpcAccess()));
        Container container = template.getContainersCount() == 0
                ? Container.getDefaultInstance()
                : template.getContainers(RevisionTemplateBuilder.main(template.getContainersList()));
        had.put(
                SQL,
                String.join(
                        " ",
                        template.getVolumesList().stream()
                                .filter(Volume::hasCloudSqlInstance)
                                .flatMap(volume -> volume.getCloudSqlInstance().getInstancesList().stream())
                                .toList()));
        had.put(PROBE, container.getStartupProbe().getHttpGet().getPath());
        had.put(BOOST, Boolean.toString(container.getResources().getStartupCpuBoost()));
        had.put(GENERATION, generation(template.getExecutionEnvironment()));
        had.keySet().retainAll(values.keySet());
        return had;
    }

    void apply(RevisionTemplate.Builder template, Container.Builder container) {
        if (EgressSettings.isIn(values)) {
            template.setVpcAccess(EgressSettings.apply(template.getVpcAccess(), values));
        }
        if (values.containsKey(SQL)) {
            sockets(template, container, List.of(values.get(SQL).split(" ")));
        }
        if (values.containsKey(PROBE)) {
            container.setStartupProbe(Probe.newBuilder()
                    .setHttpGet(HTTPGetAction.newBuilder().setPath(values.get(PROBE)))
                    .setPeriodSeconds(PERIOD)
                    .setFailureThreshold(TRIES));
        }
        if (values.containsKey(BOOST)) {
            container.getResourcesBuilder().setStartupCpuBoost(Boolean.parseBoolean(values.get(BOOST)));
        }
        if (values.containsKey(GENERATION)) {
            template.setExecutionEnvironment(
                    values.get(GENERATION).equals("gen1")
                            ? ExecutionEnvironment.EXECUTION_ENVIRONMENT_GEN1
                            : ExecutionEnvironment.EXECUTION_ENVIRONMENT_GEN2);
        }
    }

    private static String generation(ExecutionEnvironment environment) {
        return switch (environment) {
            case EXECUTION_ENVIRONMENT_GEN1 -> "gen1";
            case EXECUTION_ENVIRONMENT_GEN2 -> "gen2";
            default -> "";
        };
    }

    private static void sockets(
            RevisionTemplate.Builder template, Container.Builder container, List<String> instances) {
        List<Volume> others = template.getVolumesList().stream()
                .filter(volume -> !volume.hasCloudSqlInstance())
                .toList();
        List<VolumeMount> mounts = container.getVolumeMountsList().stream()
                .filter(mount -> !mount.getMountPath().equals(SOCKETS))
                .toList();
        template.clearVolumes().addAllVolumes(others);
        container.clearVolumeMounts().addAllVolumeMounts(mounts);
        List<String> named = instances.stream().filter(name -> !name.isEmpty()).toList();
        if (!named.isEmpty()) {
            template.addVolumes(Volume.newBuilder()
                    .setName(VOLUME)
                    .setCloudSqlInstance(CloudSqlInstance.newBuilder().addAllInstances(named)));
            container.addVolumeMounts(VolumeMount.newBuilder().setName(VOLUME).setMountPath(SOCKETS));
        }
    }

    Map<String, String> toArgs() {
        Map<String, String> args = new HashMap<>();
        values.forEach((name, value) -> args.put(PREFIX + name, value));
        return args;
    }

    static RevisionExtras read(Map<String, String> args) {
        Map<String, String> values = new HashMap<>();
        args.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                values.put(name.substring(PREFIX.length()), value);
            }
        });
        return new RevisionExtras(values);
    }
}
