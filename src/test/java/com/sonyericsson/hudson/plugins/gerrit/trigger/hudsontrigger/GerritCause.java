package com.sonyericsson.hudson.plugins.gerrit.trigger.hudsontrigger;

import hudson.model.Cause;

/** Has the form of gerrit-trigger-plugin: the event, whose type has the name that Gerrit streams. */
public final class GerritCause extends Cause {
    private final String type;

    public GerritCause(String type) {
        this.type = type;
    }

    public Event getEvent() {
        return new Event(new EventType(type));
    }

    @Override
    public String getShortDescription() {
        return "Gerrit " + type;
    }

    /** The event from Gerrit. */
    public record Event(EventType type) {
        public EventType getEventType() {
            return type;
        }
    }

    /** The kind of it. */
    public record EventType(String name) {
        public String getTypeValue() {
            return name;
        }
    }
}
