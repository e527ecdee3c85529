package io.jenkins.plugins.pymacaron.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One key of the configuration file: everything that reading, checking, defaults, suggestions and the documentation
 * need to know of it.
 *
 * @param <T> what its value becomes
 */
public final class Key<T> {
    private final Definition<T> definition;

    private Key(Definition<T> definition) {
        this.definition = definition;
    }

    static <T> Definition<T> named(String name, Type<T> type) {
        return new Definition<>(name, type);
    }

    /** As it is written in the file. */
    public String name() {
        return definition.name;
    }

    Type<T> type() {
        return definition.type;
    }

    /** Empty where there is none, or where it depends on other keys. */
    Optional<T> defaultValue() {
        return Optional.ofNullable(definition.defaultValue);
    }

    /** The default in words; empty when there is none. */
    String defaultText() {
        return definition.defaultText;
    }

    Set<DeployTarget> requiredFor() {
        return definition.requiredFor;
    }

    /** The only targets that it has an effect on; empty for a key that every target, the image or the service heeds. */
    Set<DeployTarget> onlyFor() {
        return definition.onlyFor;
    }

    /** When it is required, in words, where no target decides that; mostly empty. */
    String requiredWhen() {
        return definition.requiredWhen;
    }

    /** What it is for, as Markdown. */
    String help() {
        return definition.help;
    }

    /** A value as it would be written. */
    String example() {
        return definition.example;
    }

    /** Whether it may hold a secret, so that its value is never shown. */
    boolean secret() {
        return definition.secret;
    }

    /** Whether it steers the pipeline only, and is no property of what is deployed. */
    boolean steering() {
        return definition.steering;
    }

    /** Whether it is about what both slots share: the image, with the file that the service reads in it. */
    boolean shared() {
        return definition.shared;
    }

    /** The only slots whose own block it has an effect in; with {@link #shared}, none. */
    Set<Slot> slots() {
        return definition.shared ? Set.of() : definition.slots;
    }

    /** What to do instead; empty unless the key no longer does anything. */
    String retired() {
        return definition.retired;
    }

    /** Settings hold only what the key's own type has read, or a value given for the key. */
    @SuppressWarnings("unchecked")
    T cast(Object value) {
        return (T) value;
    }

    @Override
    public String toString() {
        return name();
    }

    /** A key in the making. */
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

        /** A default that depends on other keys; whoever reads the key works it out. */
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

        /** With another target it is an error, since it would have no effect there. */
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

        /** In the other slot's block it would have no effect. */
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
