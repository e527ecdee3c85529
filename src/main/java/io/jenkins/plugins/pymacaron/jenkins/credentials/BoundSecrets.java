package io.jenkins.plugins.pymacaron.jenkins.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.Set;

/** Secrets for the environment of one process. Do not keep them. */
public final class BoundSecrets {
    private final Map<String, String> environment;
    private final Set<String> secretNames;

    /** Makes the secrets. @param secretNames of the variables whose values must not show */
    public BoundSecrets(@NonNull Map<String, String> environment, @NonNull Set<String> secretNames) {
        this.environment = Map.copyOf(environment);
        this.secretNames = Set.copyOf(secretNames);
    }

    @NonNull
    public Map<String, String> getEnvironment() {
        return environment;
    }

    @NonNull
    public Set<String> getSecretNames() {
        return secretNames;
    }

    /** Hides the values. */
    @Override
    public String toString() {
        return "BoundSecrets" + environment.keySet();
    }
}
