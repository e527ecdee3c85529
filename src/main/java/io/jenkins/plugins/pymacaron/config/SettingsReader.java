package io.jenkins.plugins.pymacaron.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a mapping of the file, key by key. */
final class SettingsReader {
    /** The result. @param extras keys that are not ours: the application's own */
    record Read(Settings settings, Map<String, Object> extras) {}

    private final List<Key<?>> known;
    private final Optional<String> block;
    private final Problems problems;

    private SettingsReader(List<Key<?>> known, Optional<String> block, Problems problems) {
        this.known = known;
        this.block = block;
        this.problems = problems;
    }

    /** Reads a mapping in which applications keep keys of their own beside ours. */
    static Read read(Value.Mapping mapping, List<Key<?>> known, Problems problems) {
        return new SettingsReader(known, Optional.empty(), problems).read(mapping);
    }

    /** Reads a block in which applications may have no keys. */
    static Settings readBlock(String block, Value.Mapping mapping, List<Key<?>> known, Problems problems) {
        return new SettingsReader(known, Optional.of(block), problems)
                .read(mapping)
                .settings();
    }

    private Read read(Value.Mapping mapping) {
        Settings settings = Settings.EMPTY;
        Map<String, Object> extras = new LinkedHashMap<>();
        for (Map.Entry<Object, Value.Mapping.Entry> entry : mapping.entries().entrySet()) {
            Value.Mapping.Entry value = entry.getValue();
            if (!(entry.getKey() instanceof String name)) {
                problems.error(
                        value.keyAt(),
                        "a key must be text, but YAML 1.1 reads this one as " + entry.getKey(),
                        "Put it in quotes.");
                continue;
            }
            Optional<Key<?>> key =
                    known.stream().filter(k -> k.name().equals(name)).findFirst();
            if (key.isPresent()) {
                settings = set(settings, key.get(), value);
            } else {
                unknown(name, value.keyAt());
                extras.put(name, value.value().plain());
            }
        }
        return new Read(settings, extras);
    }

    private void unknown(String name, FilePosition at) {
        List<String> names = known.stream().map(Key::name).toList();
        Optional<String> hint = SpellingSuggestion.of(name, names).map(near -> "Did you mean " + near + "?");
        if (block.isPresent()) {
            problems.error(
                    at,
                    block.get() + " has no key " + QuotedText.of(name),
                    hint.orElse("Its keys are " + String.join(", ", names) + "."));
        } else if (hint.isPresent()) {
            problems.warning(at, "unknown key " + QuotedText.of(name) + ", left to the application", hint.get());
        }
    }

    private <T> Settings set(Settings settings, Key<T> key, Value.Mapping.Entry entry) {
        if (!key.retired().isEmpty()) {
            problems.warning(entry.keyAt(), key.name() + " does nothing here", key.retired());
        }
        if (entry.value().plain() == null) {
            return settings.withNothing(key, entry.keyAt());
        }
        return key.type()
                .read(key, entry.value(), problems)
                .map(value -> settings.with(key, value, entry.keyAt()))
                .orElse(settings.withUnusable(key, entry.keyAt()));
    }
}
