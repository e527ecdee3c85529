package io.jenkins.plugins.pymacaron.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of {@code env_secrets}, byte for byte as they were given. Shows none of them. */
public final class Secrets {
    public static final Secrets NONE = new Secrets(Map.of());

    private final Map<String, String> values;

    Secrets(Map<String, String> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** For the environment of the service and of its tests, by name, in the order of the file. */
    public Map<String, String> byName() {
        return new LinkedHashMap<>(values);
    }

    /** What must not be shown. */
    public Collection<String> values() {
        return byName().values();
    }

    /** What the value of a key means: a name of {@code env_secrets} stands for that secret, anything else for itself. */
    public String meaning(String configValue) {
        return values.getOrDefault(configValue, configValue);
    }

    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }
}
