package io.jenkins.plugins.pymacaron.target.gke;

import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.TargetException;
import java.util.Optional;

/** The API of the cluster of one environment, opened when it is first needed and kept. */
final class Connection {
    private final Environment environment;
    private final Access access;
    private Api api;

    Connection(Environment environment, Access access) {
        this.environment = environment;
        this.access = access;
    }

    synchronized Api api() throws TargetException, InterruptedException {
        if (api == null) {
            api = new Api(access.open(), namespace());
        }
        return api;
    }

    /** See {@link Access#reserved}. */
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
        return Names.of(environment).namespace();
    }

    /** Of the Deployment that serves. */
    String deployment() {
        return Names.of(environment).deployment();
    }
}
