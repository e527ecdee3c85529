package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code staging} and {@code live} blocks of a file, each laid over the rest of it. */
final class SlotBlocks {
    private static final SettingsReader.Read NOTHING = new SettingsReader.Read(Settings.EMPTY, Map.of());

    private final String file;
    private final SettingsReader.Read base;
    private final Settings parameters;
    private final Problems problems;

    /** Reads the blocks. @param parameters laid over everything */
    SlotBlocks(String file, SettingsReader.Read base, Settings parameters, Problems problems) {
        this.file = file;
        this.base = base;
        this.parameters = parameters;
        this.problems = problems;
    }

    PymConfig base() {
        return layered(NOTHING);
    }

    PymConfig staging() {
        Optional<Value> value = base.settings().find(PipelineKeys.STAGING);
        return layered(value.map(v -> block(Slot.STAGING, v, "Only live may be a list."))
                .orElse(NOTHING));
    }

    /** Returns at least one configuration. */
    List<PymConfig> live() {
        Value value = base.settings().find(PipelineKeys.LIVE).orElse(null);
        if (value == null) {
            return List.of(layered(NOTHING));
        }
        if (!(value instanceof Value.Items items)) {
            return List.of(layered(block(Slot.LIVE, value, "Indent its keys below it.")));
        }
        if (items.values().isEmpty()) {
            problems.error(items.at(), "live is an empty list", "Remove it, or give it a block for each live.");
        }
        List<PymConfig> lives = new ArrayList<>();
        for (Value element : items.values()) {
            lives.add(layered(block(Slot.LIVE, element, "Begin each element with a dash and a key.")));
        }
        return lives;
    }

    private SettingsReader.Read block(Slot in, Value value, String advice) {
        String slot = in.id();
        if (!(value instanceof Value.Mapping mapping)) {
            problems.error(value.at(), slot + " must be a block of keys, but is " + value.found(), advice);
            return NOTHING;
        }
        SettingsReader.Read block = SettingsReader.read(mapping, Keys.ALL, problems);
        for (Key<?> nested : List.of(PipelineKeys.STAGING, PipelineKeys.LIVE)) {
            block.settings()
                    .find(nested)
                    .ifPresent(v -> problems.error(
                            block.settings().at(nested),
                            "the block " + nested + " cannot stand inside " + slot,
                            "Move it to the start of a line."));
        }
        for (Key<?> key : Keys.ALL) {
            if (key.shared() && block.settings().find(key).isPresent()) {
                problems.warning(
                        block.settings().at(key),
                        key + " in " + slot + " changes nothing: both slots run the same image, and the service reads "
                                + "its own configuration file there",
                        "Move it to the start of a line, or into the pym-config.PYM_ENV.yaml of that slot.");
            }
        }
        for (Map.Entry<Key<Settings>, Section> outer : PipelineKeys.blocks()) {
            block.settings().find(outer.getKey()).ifPresent(nested -> outer.getValue()
                    .keys()
                    .forEach(key -> nested(in, outer.getKey(), key, nested)));
        }
        return block;
    }

    /** Reports a key in a nested block of a slot's block that would have no effect. */
    private void nested(Slot slot, Key<Settings> outer, Key<?> key, Settings settings) {
        if (settings.find(key).isPresent() && !key.slots().contains(slot)) {
            problems.error(
                    settings.at(key),
                    outer + "." + key + " has no effect in " + slot.id() + ", "
                            + (key.slots().isEmpty()
                                    ? "since it is for both slots"
                                    : "since that stage is of "
                                            + key.slots().iterator().next().id()),
                    "Move it to " + outer + " at the start of a line.");
        }
    }

    private PymConfig layered(SettingsReader.Read block) {
        Settings own = block.settings();
        Settings upper = own;
        if (own.find(ServiceKeys.LIVE_HOST).isPresent()
                && own.find(ServiceKeys.LIVE_URL).isEmpty()) {
            // live_url has priority over live_host, but a live_url of the file has none over a live_host of the block.
            upper = own.withNothing(ServiceKeys.LIVE_URL, own.at(ServiceKeys.LIVE_HOST));
        }
        Map<String, Object> extras = new LinkedHashMap<>(base.extras());
        extras.putAll(block.extras());
        return new PymConfig(file, parameters.over(upper.over(base.settings())), own, extras);
    }
}
