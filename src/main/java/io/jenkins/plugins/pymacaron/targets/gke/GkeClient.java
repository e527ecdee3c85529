package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Optional;

/** The API client of the cluster of one environment, opened when it is first needed and kept. */
final class GkeClient {
    private final Environment environment;
    private final ClusterAccess access;
    private KubernetesApi api;

    GkeClient(Environment environment, ClusterAccess access) {
        this.environment = environment;
        this.access = access;
    }

    synchronized KubernetesApi api() throws TargetException, InterruptedException {
        if (api == null) {
            api = new KubernetesApi(access.open(), namespace());
        }
        return api;
    }

    /** Returns {@link ClusterAccess#reserved}. */
    Optional<Boolean> reserved(String address) throws TargetException, InterruptedException {
        return access.reserved(address);
    }

    String environment() {
        return environment.label();
    }

    /** Returns the name of the configuration file. */
    String file() {
        return environment.file();
    }

    String namespace() {
        return GkeNames.of(environment).namespace();
    }

    /** Returns the name of the Deployment that serves. */
    String deployment() {
        return GkeNames.of(environment).deployment();
    }
}
