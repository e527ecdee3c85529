package io.jenkins.plugins.pymacaron.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of {@code env_secrets}, byte for byte as they were given. It shows none of them. */
public final class Secrets {
    public static final Secrets NONE = new Secrets(Map.of());

    private final Map<String, String> values;

    Secrets(Map<String, String> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** Returns the variables for the service and for its tests, by name, in the order of the file. */
    public Map<String, String> byName() {
        return new LinkedHashMap<>(values);
    }

    /** Returns the values that must not be shown. */
    public Collection<String> values() {
        return byName().values();
    }

    /**
     * Returns the meaning of a key's value: a name of {@code env_secrets} stands for that secret, any other text for
     * itself.
     */
    public String meaning(String configValue) {
        return values.getOrDefault(configValue, configValue);
    }

    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }
}
