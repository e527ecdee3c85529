package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the deployments of a service: the one that serves, and those that have served. */
final class DeploymentReader {
    private final String environment;
    private final CloudRunStateReader reader;
    private final IdTokenProxies doors;
    private final Probe probe;

    DeploymentReader(String environment, CloudRunStateReader reader, IdTokenProxies doors, Probe probe) {
        this.environment = environment;
        this.reader = reader;
        this.doors = doors;
        this.probe = probe;
    }

    /** Returns the revision that has most of the traffic, except one in a canary. */
    static Optional<String> serving(Service service) {
        String canary = service.getAnnotationsMap().getOrDefault(CloudRunMetadata.CANARY, "");
        Map<String, Integer> shares = TrafficSplit.served(service).shares();
        return shares.entrySet().stream()
                .filter(e -> shares.size() == 1 || !e.getKey().equals(canary))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    Optional<Deployed> current() throws TargetException, InterruptedException {
        Optional<Service> service = reader.service();
        Optional<String> name = service.flatMap(DeploymentReader::serving);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<Revision> revision = reader.find(name.get());
        return revision.map(r -> deployed(service.get(), name.get(), r));
    }

    /** Returns the id of the deployment that serves, with one call fewer than {@link #current}. */
    Optional<String> currentId() throws TargetException, InterruptedException {
        return current().map(Deployed::deploymentId);
    }

    List<Deployed> earlier() throws TargetException, InterruptedException {
        Optional<Service> service = reader.service();
        if (service.isEmpty()) {
            return List.of();
        }
        Optional<String> serving = serving(service.get());
        List<Deployed> earlier = new ArrayList<>();
        for (String name : CloudRunMetadata.history(service.get().getAnnotationsMap())) {
            Optional<Revision> revision = serving.equals(Optional.of(name)) ? Optional.empty() : reader.find(name);
            revision.filter(CloudRunStateReader::isReady)
                    .filter(r -> CloudRunMetadata.isOurs(r.getAnnotationsMap(), environment))
                    .ifPresent(r -> earlier.add(deployed(service.get(), name, r)));
        }
        return earlier;
    }

    /**
     * Returns the deployment. A revision that is not ours is known by its name, and by the version that it answers
     * with.
     */
    private Deployed deployed(Service service, String name, Revision revision) {
        Map<String, String> notes = revision.getAnnotationsMap();
        boolean ours = CloudRunMetadata.isOurs(notes, environment);
        return new Deployed(
                environment,
                ours ? notes.get(CloudRunMetadata.DEPLOYMENT) : name,
                ours ? notes.getOrDefault(CloudRunMetadata.VERSION, CloudRunWaitConditions.UNKNOWN) : version(service),
                CloudRunStateReader.digest(revision),
                notes.getOrDefault(CloudRunMetadata.COMMIT, ""),
                service.getUri(),
                name,
                Instant.ofEpochSecond(revision.getCreateTime().getSeconds()));
    }

    private String version(Service service) {
        try {
            return probe.version(doors.to(service.getUri(), service.getUri()));
        } catch (TargetException | IOException | IllegalArgumentException e) {
            return CloudRunWaitConditions.UNKNOWN;
        }
    }
}
