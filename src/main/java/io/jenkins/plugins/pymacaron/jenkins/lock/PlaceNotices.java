package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.model.Computer;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import jenkins.util.AtmostOneTaskExecutor;

/** Tells the waiting steps their places. Many changes in a short time are told at once, by one thread. */
final class PlaceNotices {
    private final Object monitor;
    private final EnvironmentLines lines;
    private final BiPredicate<String, String> isClosed;
    private final AtmostOneTaskExecutor<Void> executor =
            new AtmostOneTaskExecutor<>(Computer.threadPoolForRemoting, () -> {
                tellChanged();
                return null;
            });
    /** The environments of which not all steps know their place. Guarded by the monitor, as the next one is. */
    private final Set<String> changed = new LinkedHashSet<>();
    /** Counts the states that were told, so that a step knows the newer one. */
    private long states;

    /**
     * Makes the notices.
     *
     * @param monitor guards the lines
     * @param isClosed whether an environment is kept from a build by a clean-up; called with the monitor
     */
    PlaceNotices(Object monitor, EnvironmentLines lines, BiPredicate<String, String> isClosed) {
        this.monitor = monitor;
        this.lines = lines;
        this.isClosed = isClosed;
    }

    /** Tells all steps that wait for an environment, in another thread. */
    void tellSoon(String key) {
        synchronized (monitor) {
            changed.add(key);
        }
        executor.submit();
    }

    private void tellChanged() {
        List<String> keys;
        synchronized (monitor) {
            keys = List.copyOf(changed);
            changed.clear();
        }
        keys.forEach(key -> tell(key, step -> true));
    }

    /** Tells one step: nothing changes for the others when it joins. Must not be called with the monitor. */
    void tell(String key, QueuedStep step) {
        tell(key, step::equals);
    }

    /** Writes logs, so it must not be called with the monitor. */
    private void tell(String key, Predicate<QueuedStep> wanted) {
        Map<QueuedStep, WaitingTexts> texts;
        long state;
        synchronized (monitor) {
            texts = texts(key, wanted);
            state = ++states;
        }
        texts.forEach((step, text) -> step.tell(state, text));
    }

    /** Returns the place of each wanted step, without those for which the environment is free: they are given it next. */
    private Map<QueuedStep, WaitingTexts> texts(String key, Predicate<QueuedStep> wanted) {
        String environment = FolderTree.environment(key);
        Map<QueuedStep, WaitingTexts> texts = new LinkedHashMap<>();
        EnvironmentLine line = lines.line(key);
        int place = 0;
        for (String id : line.waiting()) {
            place++;
            for (QueuedStep step : line.askedBy(id).stream().filter(wanted).toList()) {
                String holder = lines.holderUnderAnOldName(key, id).orElse(line.holder());
                if (holder != null || isClosed.test(key, id)) {
                    texts.put(
                            step,
                            new WaitingTexts(EnvironmentNames.shown(environment), holder, place, line.askedAt(id), id));
                }
            }
        }
        return texts;
    }
}
