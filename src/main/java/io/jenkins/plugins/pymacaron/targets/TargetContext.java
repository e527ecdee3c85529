package io.jenkins.plugins.pymacaron.targets;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The context that a run gives to its targets: environment variables, log, mask, files, recording and clock. */
public final class TargetContext {
    private final Map<String, String> inherited;
    private final Consumer<String> log;
    private final Consumer<String> hide;
    private final Recording recording;
    private final Set<String> told;
    private final ServiceFiles files;
    private final InstantSource clock;

    /**
     * Makes a context.
     *
     * @param inherited the environment variables of this process, or those that Jenkins bound: the source of
     *     credentials
     * @param log gets each message that is worth a line, such as an event of the cloud; without secrets
     */
    public TargetContext(Map<String, String> inherited, Consumer<String> log) {
        this(inherited, log, secret -> {});
    }

    /**
     * Makes a context.
     *
     * @param hide gets each secret that a target has made, such as a token, before it is sent anywhere
     */
    public TargetContext(Map<String, String> inherited, Consumer<String> log, Consumer<String> hide) {
        this(inherited, log, hide, text -> text);
    }

    /** Makes a context. @param mask removes the secrets that are known at that time from recorded data */
    public TargetContext(
            Map<String, String> inherited, Consumer<String> log, Consumer<String> hide, UnaryOperator<String> mask) {
        this.inherited = Map.copyOf(inherited);
        this.log = log;
        this.hide = hide;
        recording = Recording.of(inherited, mask, log);
        told = ConcurrentHashMap.newKeySet();
        files = ServiceFiles.NONE;
        clock = Clock.systemUTC();
    }

    private TargetContext(TargetContext others, ServiceFiles files, InstantSource clock) {
        inherited = others.inherited;
        log = others.log;
        hide = others.hide;
        recording = others.recording;
        told = others.told;
        this.files = files;
        this.clock = clock;
    }

    /** Returns the same context, with files for the platform beside the image. */
    public TargetContext with(ServiceFiles found) {
        return new TargetContext(this, found, clock);
    }

    /** Returns the same context, with the clock of the driver that runs the changes of the targets. */
    public TargetContext withClock(InstantSource driver) {
        return new TargetContext(this, files, driver);
    }

    /** Returns the clock that says how long a refusal lasts; the system's, unless another one was given. */
    public InstantSource clock() {
        return clock;
    }

    /** Returns the files of the commit that is deployed; none where nothing is deployed. */
    public ServiceFiles files() {
        return files;
    }

    /** Returns the recording in which a client of a cloud hands in what it sends and receives. */
    public Recording recording() {
        return recording;
    }

    /** Masks a secret from now on. */
    public void hide(String secret) {
        hide.accept(secret);
    }

    public Map<String, String> inherited() {
        return inherited;
    }

    /** Returns the value of the variable, or "". */
    public String get(String name) {
        return inherited.getOrDefault(name, "");
    }

    public Consumer<String> log() {
        return log;
    }

    /** Logs a line unless a target of this run has logged it already. */
    public void once(String line) {
        if (told.add(line)) {
            log.accept(line);
        }
    }
}
