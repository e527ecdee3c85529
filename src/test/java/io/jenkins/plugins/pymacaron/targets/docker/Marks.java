package io.jenkins.plugins.pymacaron.targets.docker;

import java.util.concurrent.atomic.AtomicReference;

/** A mark in memory. */
final class Marks implements LiveMarkStore {
    private final AtomicReference<String> mark = new AtomicReference<>("");

    @Override
    public String read() {
        return mark.get();
    }

    @Override
    public boolean replace(String before, String next) {
        return mark.compareAndSet(mark.get().equals(before) ? mark.get() : before, next);
    }
}
