package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of one environment: revisions beside each other, of which one serves at most. It is all that a crash of a
 * deployment leaves, so that a test can keep a copy of one moment and come back to it.
 */
public final class FakeWorld {
    private final Map<String, Deployed> revisions = new LinkedHashMap<>();
    /** Those that have served, the last one at the end. */
    private final List<String> history = new ArrayList<>();

    private String serving = "";
    private String mark = "";

    FakeWorld copy() {
        FakeWorld copy = new FakeWorld();
        copy.become(this);
        return copy;
    }

    void become(FakeWorld other) {
        revisions.clear();
        revisions.putAll(other.revisions);
        history.clear();
        history.addAll(other.history);
        serving = other.serving;
        mark = other.mark;
    }

    String mark() {
        return mark;
    }

    void mark(String text) {
        mark = text;
    }

    /** Returns the name of the revision that serves, "" for none. */
    String serving() {
        return serving;
    }

    Map<String, Deployed> revisions() {
        return revisions;
    }

    void create(Deployed deployed) {
        revisions.put(deployed.revision(), deployed);
    }

    void route(String revision) {
        serving = revision;
        history.remove(revision);
        if (!revision.isEmpty()) {
            history.add(revision);
        }
    }

    void delete(String revision) {
        revisions.remove(revision);
        history.remove(revision);
        serving = serving.equals(revision) ? "" : serving;
    }

    /** Those that have served and do not any more, the last one first. */
    List<Deployed> earlier() {
        List<Deployed> earlier = new ArrayList<>();
        for (String revision : history) {
            if (!revision.equals(serving) && revisions.containsKey(revision)) {
                earlier.add(0, revisions.get(revision));
            }
        }
        return earlier;
    }
}
