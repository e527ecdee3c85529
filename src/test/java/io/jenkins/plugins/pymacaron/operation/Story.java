package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.util.Set;

/** The {@link CrashStory} of a {@link Chain} in a {@link World}. */
final class Story {
    final VirtualTime time;
    final World world;
    private final CrashStory story;

    Story(long seed, int things) {
        this.time = new VirtualTime(seed);
        this.world = new World(time, seed, Chain.SETTLE);
        this.story = new CrashStory(time, seed, new Chain(), Chain.length(things), world, world::read);
    }

    Story crashAt(Set<Integer> points) {
        story.crashAt(points);
        return this;
    }

    Story stopAt(int at) {
        story.stopAt(at);
        return this;
    }

    Story suspendAt(int at) {
        story.suspendAt(at);
        return this;
    }

    int points() {
        return story.points();
    }

    int processes() {
        return story.processes();
    }

    Outcome tell() throws IOException {
        return story.tell();
    }
}
