package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Container;
import com.google.cloud.run.v2.EnvVar;
import com.google.cloud.run.v2.EnvVarSource;
import com.google.cloud.run.v2.IngressTraffic;
import com.google.cloud.run.v2.ResourceRequirements;
import com.google.cloud.run.v2.RevisionScaling;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.SecretKeySelector;
import com.google.protobuf.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Builds the template of a revision. Settings that we do not make (networks, volumes, side cars, probes) are carried
 * over from the service as they are; the variables are exactly ours, so that a removed secret is gone.
 */
final class RevisionTemplateBuilder {
    /**
     * Cloud Run itself sets these variables, and refuses them (container runtime contract, "Environment variables").
     */
    static final Set<String> RESERVED = Set.of("PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION");

    /** A value of this form is not a secret, but names its place in Secret Manager. */
    private static final Pattern REFERENCE =
            Pattern.compile("(projects/[^/\\s]+/secrets/[^/\\s]+)(?:/versions/([^/\\s]+))?");

    private RevisionTemplateBuilder() {}

    static RevisionTemplate of(
            RevisionTemplate before, String revision, RevisionSpec spec, Map<String, String> variables) {
        RevisionTemplate.Builder template = before.toBuilder()
                .setRevision(revision)
                .setMaxInstanceRequestConcurrency(spec.concurrency())
                .setTimeout(Duration.newBuilder().setSeconds(spec.timeout().toSeconds()))
                .setServiceAccount(spec.serviceAccount().orElse(before.getServiceAccount()))
                .setScaling(scaling(before.getScaling(), spec))
                .putAllLabels(spec.settings().labels())
                .putAllAnnotations(spec.notes());
        int ours = main(before.getContainersList());
        Container.Builder container =
                before.getContainersCount() == 0 ? Container.newBuilder() : before.getContainers(ours).toBuilder();
        container
                .setImage(spec.image())
                .setResources(resources(container.getResources(), spec))
                .clearEnv();
        new TreeMap<>(variables).forEach((name, value) -> container.addEnv(variable(name, value)));
        spec.extras().apply(template, container);
        if (before.getContainersCount() == 0) {
            return template.addContainers(container).build();
        }
        return template.setContainers(ours, container).build();
    }

    /**
     * Returns the index of the container of the service: the one with a port, which has to be exactly one where there
     * are side cars ("Deploying multiple containers to a service"); 0 where none has a port.
     */
    static int main(List<Container> containers) {
        return IntStream.range(0, containers.size())
                .filter(i -> containers.get(i).getPortsCount() > 0)
                .findFirst()
                .orElse(0);
    }

    static Optional<IngressTraffic> ingress(String name) {
        return Optional.ofNullable(Map.of(
                        "all", IngressTraffic.INGRESS_TRAFFIC_ALL,
                        "internal", IngressTraffic.INGRESS_TRAFFIC_INTERNAL_ONLY,
                        "internal-and-cloud-load-balancing", IngressTraffic.INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER)
                .get(name));
    }

    /** Returns the configuration's word for the ingress of a service; "" where the service has no setting. */
    static String ingress(IngressTraffic there) {
        return switch (there) {
            case INGRESS_TRAFFIC_ALL -> "all";
            case INGRESS_TRAFFIC_INTERNAL_ONLY -> "internal";
            case INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER -> "internal-and-cloud-load-balancing";
            default -> "";
        };
    }

    private static RevisionScaling scaling(RevisionScaling before, RevisionSpec spec) {
        RevisionScaling.Builder scaling = before.toBuilder();
        // The instances of a revision start as soon as it has a tag, in addition to those of the service.
        spec.settings().minInstances().ifPresent(least -> scaling.clearMinInstanceCount());
        spec.maxInstances().ifPresent(scaling::setMaxInstanceCount);
        return scaling.build();
    }

    /**
     * Returns the resources. If resources are set, the CPU is always on unless {@code cpu_idle} says otherwise; the
     * default is that it idles.
     */
    private static ResourceRequirements resources(ResourceRequirements before, RevisionSpec spec) {
        ResourceRequirements.Builder resources = before.toBuilder();
        if (before.getLimitsCount() == 0) {
            resources.setCpuIdle(true);
        }
        return resources
                .putLimits("memory", spec.memory())
                .putLimits("cpu", spec.cpu())
                .build();
    }

    private static EnvVar variable(String name, String value) {
        Matcher reference = REFERENCE.matcher(value);
        EnvVar.Builder variable = EnvVar.newBuilder().setName(name);
        if (!reference.matches()) {
            return variable.setValue(value).build();
        }
        String version = reference.group(2) == null ? "latest" : reference.group(2);
        return variable.setValueSource(EnvVarSource.newBuilder()
                        .setSecretKeyRef(SecretKeySelector.newBuilder()
                                .setSecret(reference.group(1))
                                .setVersion(version)))
                .build();
    }

    static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }
}
