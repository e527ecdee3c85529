package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Effect;
import java.time.Duration;
import java.util.Map;

/**
 * The effects on a container. All but {@link #create} name the state to reach, so that applying one twice is the same
 * as once.
 */
final class DockerEffects {
    static final String CREATE = "create";
    static final String START = "start";
    static final String STOP = "stop";
    static final String CLAIM = "claim";
    static final String REMOVE = "remove";

    /**
     * As {@link #START}, and waits until the container answers, because a container that answered until now ends next.
     */
    static final String RESTORE = "restore";

    /** The engine answers from its own memory: a change is visible at once. */
    private static final Duration SETTLE = Duration.ZERO;

    private DockerEffects() {}

    static Effect create(ContainerCreation c) {
        return new Effect(
                CREATE + ":" + c.container(),
                CREATE,
                c.toArgs(),
                SETTLE,
                "create container " + c.container() + " from " + c.image());
    }

    static Effect start(String container) {
        return on(container, START, "start container " + container);
    }

    static Effect stop(String container) {
        return on(container, STOP, "stop container " + container + ", and keep it");
    }

    static Effect remove(String container) {
        return on(container, REMOVE, "remove container " + container);
    }

    /**
     * Returns an effect that only leaves the mark, for a deployment that finds everything as it should be, so that an
     * older deployment notices it.
     */
    static Effect claim(String container) {
        return on(container, CLAIM, "note that container " + container + " stays what serves");
    }

    static Effect restore(String container) {
        return on(container, RESTORE, "start container " + container + " again");
    }

    private static Effect on(String container, String verb, String sentence) {
        return new Effect(verb + ":" + container, verb, Map.of("container", container), SETTLE, sentence);
    }
}
