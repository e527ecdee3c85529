package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keys that belong together, under a heading of the documentation. */
final class Section {
    private final String title;
    private final List<Key<?>> keys = new ArrayList<>();

    Section(String title) {
        this.title = title;
    }

    void add(Key<?> key) {
        keys.add(key);
    }

    String title() {
        return title;
    }

    List<Key<?>> keys() {
        return Collections.unmodifiableList(keys);
    }
}
