package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Optional;

/** The API of the cluster of one environment, opened when it is first needed and kept. */
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

    /** See {@link ClusterAccess#reserved}. */
    Optional<Boolean> reserved(String address) throws TargetException, InterruptedException {
        return access.reserved(address);
    }

    String environment() {
        return environment.label();
    }

    /** The name of the configuration's. */
    String file() {
        return environment.file();
    }

    String namespace() {
        return GkeNames.of(environment).namespace();
    }

    /** Of the Deployment that serves. */
    String deployment() {
        return GkeNames.of(environment).deployment();
    }
}
