package io.jenkins.plugins.pymacaron.config;

import java.util.Locale;

/** The two places that a version goes through: staging, where it is accepted, and live, which users call. */
public enum Slot {
    STAGING,
    LIVE;

    /** Returns the name in configuration files and in names made from it: {@code staging} or {@code live}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
