package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The holder of an environment, and the builds that wait for it. Builds are named by their externalizable id. Stored by
 * XStream.
 */
final class EnvironmentLine {
    private final String environment;

    @CheckForNull
    private String holder;

    /** The first is served next. */
    private final List<String> waiting = new ArrayList<>();

    /** When each waiting build first asked, in milliseconds since the epoch; an earlier version did not store it. */
    @CheckForNull
    private Map<String, Long> since;

    /**
     * When each build itself began, in milliseconds since the epoch, which its number alone does not say: a job that is
     * made anew gives its numbers again. An earlier version did not store it.
     */
    @CheckForNull
    private Map<String, Long> begun;

    /**
     * The waiting steps of this session: after a restart, a build that waited is in the queue before its steps have
     * asked again.
     */
    private transient Map<String, List<QueuedStep>> askers;

    EnvironmentLine(String environment) {
        this.environment = environment;
    }

    String environment() {
        return environment;
    }

    /** Returns the key of {@link FolderTree}. An earlier version stored a name only, so the tree is that of its builds. */
    String key() {
        List<String> owners = owners();
        boolean nameOnly =
                environment.indexOf(':') < 0 && FolderTree.tree(environment).isEmpty();
        return nameOnly && !owners.isEmpty() ? FolderTree.key(FolderTree.of(owners.get(0)), environment) : environment;
    }

    @CheckForNull
    String holder() {
        return holder;
    }

    List<String> owners() {
        List<String> owners = new ArrayList<>(waiting);
        if (holder != null) {
            owners.add(holder);
        }
        return owners;
    }

    /** Notes when a build began. */
    void note(String owner, long time) {
        begun().keySet().retainAll(owners());
        begun().put(owner, time);
    }

    /** Returns when a build began; 0 if that is not known. */
    long begunAt(String owner) {
        return begun().getOrDefault(owner, 0L);
    }

    /** Returns the waiting builds; the first is served next. */
    List<String> waiting() {
        return List.copyOf(waiting);
    }

    boolean isWaiting(String owner) {
        return waiting.contains(owner);
    }

    /** Returns whether a step of this session waits for it. */
    boolean isAsked(String owner) {
        return askers().containsKey(owner);
    }

    /** Returns when a build first asked, in milliseconds since the epoch, also before a restart; 0 if it does not wait. */
    long askedAt(String owner) {
        return since().getOrDefault(owner, 0L);
    }

    /** Returns the waiting steps of a build, those of this session. */
    List<QueuedStep> askedBy(String owner) {
        return askers().getOrDefault(owner, List.of());
    }

    /** Returns whether the build gets it, or has it already, without waiting. */
    boolean hold(String owner) {
        if (holder == null && (waiting.isEmpty() || waiting.get(0).equals(owner))) {
            waiting.remove(owner);
            since().remove(owner);
            holder = owner;
        }
        return owner.equals(holder);
    }

    void join(String owner, QueuedStep asker) {
        if (!waiting.contains(owner)) {
            waiting.add(owner);
        }
        since().putIfAbsent(owner, System.currentTimeMillis());
        askers().computeIfAbsent(owner, o -> new ArrayList<>()).add(asker);
    }

    /** Returns how many builds are served before. */
    int before(String owner) {
        return waiting.indexOf(owner);
    }

    List<QueuedStep> leave(String owner) {
        waiting.remove(owner);
        since().remove(owner);
        return asked(owner);
    }

    boolean release(String owner) {
        if (!owner.equals(holder)) {
            return false;
        }
        holder = null;
        return true;
    }

    /**
     * Gives it to one of the waiting builds, even if that one has not asked again since a restart: it will ask, or end.
     */
    List<QueuedStep> give(String owner) {
        waiting.remove(owner);
        since().remove(owner);
        holder = owner;
        return asked(owner);
    }

    void rename(String oldJob, String newJob) {
        holder = holder == null ? null : renamed(holder, oldJob, newJob);
        waiting.replaceAll(owner -> renamed(owner, oldJob, newJob));
        Map<String, List<QueuedStep>> moved = new HashMap<>();
        askers().forEach((owner, asked) -> moved.put(renamed(owner, oldJob, newJob), asked));
        askers = moved;
        since = renamed(since(), oldJob, newJob);
        begun = renamed(begun(), oldJob, newJob);
    }

    private static Map<String, Long> renamed(Map<String, Long> times, String oldJob, String newJob) {
        Map<String, Long> moved = new HashMap<>();
        times.forEach((owner, time) -> moved.put(renamed(owner, oldJob, newJob), time));
        return moved;
    }

    private static String renamed(String owner, String oldJob, String newJob) {
        return owner.startsWith(oldJob + "#") ? newJob + owner.substring(oldJob.length()) : owner;
    }

    private List<QueuedStep> asked(String owner) {
        return Objects.requireNonNullElse(askers().remove(owner), Collections.emptyList());
    }

    private Map<String, Long> since() {
        if (since == null) {
            since = new HashMap<>();
        }
        return since;
    }

    private Map<String, Long> begun() {
        if (begun == null) {
            begun = new HashMap<>();
        }
        return begun;
    }

    private Map<String, List<QueuedStep>> askers() {
        if (askers == null) {
            askers = new HashMap<>();
        }
        return askers;
    }
}
