package io.jenkins.plugins.pymacaron.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Values of keys, as read and checked one by one, each with its place in the file. */
final class Settings {
    static final Settings EMPTY = new Settings(Map.of());

    /**
     * @param value empty when the file sets the key to nothing, which in a block undoes what is above it
     * @param unusable whether something is there that could not be read, as the user has been told
     */
    private record Setting(Optional<Object> value, FilePosition at, boolean unusable) {}

    private final Map<Key<?>, Setting> settings;

    private Settings(Map<Key<?>, Setting> settings) {
        this.settings = settings;
    }

    /** What is set, without any default. */
    <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable(settings.get(key)).flatMap(Setting::value).map(key::cast);
    }

    /** What is set, or the key's own default. */
    <T> Optional<T> value(Key<T> key) {
        return find(key).or(key::defaultValue);
    }

    /** Where the key's value stands; {@link FilePosition#NONE} if it does not. */
    FilePosition at(Key<?> key) {
        Setting setting = settings.get(key);
        return setting == null ? FilePosition.NONE : setting.at();
    }

    /** Whether nothing at all is given for the key; what is given but unusable is not missing. */
    boolean misses(Key<?> key) {
        Setting setting = settings.get(key);
        return setting == null || (setting.value().isEmpty() && !setting.unusable());
    }

    /** Whether something is given that could not be read, as the user has been told. */
    boolean hasUnusable(Key<?> key) {
        return settings.containsKey(key) && settings.get(key).unusable();
    }

    <T> Settings with(Key<T> key, T value, FilePosition at) {
        return put(key, new Setting(Optional.of(value), at, false));
    }

    Settings withNothing(Key<?> key, FilePosition at) {
        return put(key, new Setting(Optional.empty(), at, false));
    }

    Settings withUnusable(Key<?> key, FilePosition at) {
        return put(key, new Setting(Optional.empty(), at, true));
    }

    private Settings put(Key<?> key, Setting setting) {
        Map<Key<?>, Setting> all = new LinkedHashMap<>(settings);
        all.put(key, setting);
        return new Settings(all);
    }

    /** These settings laid over others. Blocks are merged key by key, everything else is replaced. */
    Settings over(Settings below) {
        Map<Key<?>, Setting> all = new LinkedHashMap<>(below.settings);
        settings.forEach((key, setting) -> all.merge(key, setting, Settings::merge));
        return new Settings(all);
    }

    private static Setting merge(Setting below, Setting above) {
        if (below.value().orElse(null) instanceof Settings under
                && above.value().orElse(null) instanceof Settings upper) {
            return new Setting(Optional.of(upper.over(under)), above.at(), false);
        }
        return above;
    }
}
