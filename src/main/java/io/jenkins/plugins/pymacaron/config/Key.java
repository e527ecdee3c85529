package io.jenkins.plugins.pymacaron.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key of the configuration file: its name, type, default, limits and help, from which reading, checks, suggestions
 * and the documentation are made.
 *
 * @param <T> the type of its value
 */
public final class Key<T> {
    private final Definition<T> definition;

    private Key(Definition<T> definition) {
        this.definition = definition;
    }

    static <T> Definition<T> named(String name, Type<T> type) {
        return new Definition<>(name, type);
    }

    /** Returns the name as it is written in the file. */
    public String name() {
        return definition.name;
    }

    Type<T> type() {
        return definition.type;
    }

    /** Returns the default; empty where there is none, or where it depends on other keys. */
    Optional<T> defaultValue() {
        return Optional.ofNullable(definition.defaultValue);
    }

    /** Returns the default in words; empty when there is none. */
    String defaultText() {
        return definition.defaultText;
    }

    Set<DeployTarget> requiredFor() {
        return definition.requiredFor;
    }

    /**
     * Returns the only targets on which it has an effect; empty for a key that every target, the image or the service
     * uses.
     */
    Set<DeployTarget> onlyFor() {
        return definition.onlyFor;
    }

    /** Returns the condition under which it is required, in words, where no target decides that; usually empty. */
    String requiredWhen() {
        return definition.requiredWhen;
    }

    /** Returns its purpose, as Markdown. */
    String help() {
        return definition.help;
    }

    /** Returns an example of a value as it is written. */
    String example() {
        return definition.example;
    }

    /** Returns whether it may contain a secret, so that its value is never shown. */
    boolean secret() {
        return definition.secret;
    }

    /** Returns whether it only controls the pipeline, and is no property of the deployed version. */
    boolean steering() {
        return definition.steering;
    }

    /** Returns whether it concerns what both slots share: the image, including the file that the service reads. */
    boolean shared() {
        return definition.shared;
    }

    /** Returns the only slots whose own block it has an effect in; with {@link #shared}, none. */
    Set<Slot> slots() {
        return definition.shared ? Set.of() : definition.slots;
    }

    /** Returns what to do instead; empty unless the key no longer has an effect. */
    String retired() {
        return definition.retired;
    }

    /** Casts a value. Settings contain only values that the key's own type has read, or values given for the key. */
    @SuppressWarnings("unchecked")
    T cast(Object value) {
        return (T) value;
    }

    @Override
    public String toString() {
        return name();
    }

    /** The definition of a key in progress. */
    static final class Definition<T> {
        private final String name;
        private final Type<T> type;
        private final Set<DeployTarget> requiredFor = EnumSet.noneOf(DeployTarget.class);
        private final Set<DeployTarget> onlyFor = EnumSet.noneOf(DeployTarget.class);
        private T defaultValue;
        private String defaultText = "";
        private String requiredWhen = "";
        private String help = "";
        private String example = "";
        private String retired = "";
        private boolean secret;
        private boolean steering;
        private boolean shared;
        private Set<Slot> slots = EnumSet.allOf(Slot.class);

        private Definition(String name, Type<T> type) {
            this.name = name;
            this.type = type;
        }

        Definition<T> defaults(T value, String text) {
            defaultValue = value;
            defaultText = text;
            return this;
        }

        /** Sets a default that depends on other keys; the reader of the key computes it. */
        Definition<T> defaultsTo(String text) {
            defaultText = text;
            return this;
        }

        Definition<T> required() {
            requiredFor.addAll(EnumSet.allOf(DeployTarget.class));
            return this;
        }

        Definition<T> requiredFor(DeployTarget target) {
            requiredFor.add(target);
            return this;
        }

        /** Limits the key to targets; with another target it is an error, since it would have no effect there. */
        Definition<T> onlyFor(DeployTarget... targets) {
            onlyFor.addAll(List.of(targets));
            return this;
        }

        Definition<T> requiredWhen(String words) {
            requiredWhen = words;
            return this;
        }

        Definition<T> example(String text) {
            example = text;
            return this;
        }

        Definition<T> secret() {
            secret = true;
            return this;
        }

        Definition<T> steering() {
            steering = true;
            return this;
        }

        Definition<T> shared() {
            shared = true;
            return this;
        }

        /** Limits the key to a slot; in the other slot's block it would have no effect. */
        Definition<T> onlyIn(Slot slot) {
            slots = EnumSet.of(slot);
            return this;
        }

        Definition<T> retired(String advice) {
            retired = advice;
            return this;
        }

        Definition<T> help(String text) {
            help = text;
            return this;
        }

        /** Ends the definition: the key joins {@code section}, which keeps the order. */
        Key<T> in(Section section) {
            Key<T> key = new Key<>(this);
            section.add(key);
            return key;
        }
    }
}
