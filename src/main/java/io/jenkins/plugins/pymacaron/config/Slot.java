package io.jenkins.plugins.pymacaron.config;

import java.util.Locale;

/** The two places a version goes through: staging, where it is accepted, and live, where users are. */
public enum Slot {
    STAGING,
    LIVE;

    /** The name in configuration files and in names made from it: {@code staging} or {@code live}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
