package io.jenkins.plugins.pymacaron.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The values of keys, read and checked one by one, each with its place in the file. */
final class Settings {
    static final Settings EMPTY = new Settings(Map.of());

    /**
     * A setting.
     *
     * @param value empty when the file sets the key to nothing, which in a block removes the value of the file above it
     * @param unusable whether there is a value that could not be read, which was reported to the user
     */
    private record Setting(Optional<Object> value, FilePosition at, boolean unusable) {}

    private final Map<Key<?>, Setting> settings;

    private Settings(Map<Key<?>, Setting> settings) {
        this.settings = settings;
    }

    /** Returns the value that is set, without any default. */
    <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable(settings.get(key)).flatMap(Setting::value).map(key::cast);
    }

    /** Returns the value that is set, or the key's own default. */
    <T> Optional<T> value(Key<T> key) {
        return find(key).or(key::defaultValue);
    }

    /** Returns the place of the key's value; {@link FilePosition#NONE} if it is not set. */
    FilePosition at(Key<?> key) {
        Setting setting = settings.get(key);
        return setting == null ? FilePosition.NONE : setting.at();
    }

    /** Returns whether no value is given for the key; an unusable value is not missing. */
    boolean misses(Key<?> key) {
        Setting setting = settings.get(key);
        return setting == null || (setting.value().isEmpty() && !setting.unusable());
    }

    /** Returns whether a value is given that could not be read, which was reported to the user. */
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

    /** Returns these settings laid over others. Blocks are merged key by key, all others are replaced. */
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
