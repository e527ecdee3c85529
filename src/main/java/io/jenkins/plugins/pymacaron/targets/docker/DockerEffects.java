package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.operation.Effect;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
     * The mark of the operation is gone, and the one before is there again. Another user, whose deployment waited
     * meanwhile, is not overtaken by one that was undone.
     */
    static final String UNCLAIM = "unclaim";

    /**
     * As {@link #START}, and waits until the container answers, because a container that answered until now ends next.
     */
    static final String RESTORE = "restore";

    /**
     * Argument of an effect of a retention: the container that serves. The effect ends nothing that another user of the
     * engine has made serve since: what runs is ended only while this one runs too, and what was stopped only while it
     * is.
     */
    static final String BESIDE = "beside";

    private static final String STOPPED = "stopped";

    /** The time that a container gets to end by itself; longer than gunicorn's own 30 s for requests in progress. */
    static final Duration GRACE = Duration.ofSeconds(40);

    /**
     * The engine shows a change when it has made it, and goes on with a request whose client was ended meanwhile
     * (RestoreTest, Engine 20.10).
     */
    private static final Duration SETTLE = Duration.ofSeconds(10);

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

    /** Returns {@link #UNCLAIM}. @param old the container that served before and has to run again; empty for none */
    static Effect unclaim(String container, Optional<String> old) {
        Effect effect = on(container, UNCLAIM, "note that container " + container + " does not serve");
        return old.map(name -> beside(name, effect)).orElse(effect);
    }

    static Effect restore(String container) {
        return on(container, RESTORE, "start container " + container + " again");
    }

    /** Returns {@link #stop} or {@link #remove} of a container that runs, for a retention. */
    static Effect beside(String serving, Effect effect) {
        return with(effect, BESIDE, serving);
    }

    /** Returns {@link #remove} of a container that does not run, for a retention. */
    static Effect ifStopped(Effect effect) {
        return with(effect, STOPPED, "true");
    }

    static boolean onlyIfStopped(Effect effect) {
        return effect.args().containsKey(STOPPED);
    }

    private static Effect with(Effect effect, String name, String value) {
        Map<String, String> args = new HashMap<>(effect.args());
        args.put(name, value);
        return new Effect(effect.key(), effect.verb(), args, effect.settle(), effect.within(), effect.sentence());
    }

    private static Effect on(String container, String verb, String sentence) {
        Duration settle = verb.equals(STOP) ? GRACE.plus(SETTLE) : SETTLE;
        return new Effect(verb + ":" + container, verb, Map.of("container", container), settle, sentence);
    }
}
