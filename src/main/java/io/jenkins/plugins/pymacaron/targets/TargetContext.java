package io.jenkins.plugins.pymacaron.targets;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What the targets of one run need of whoever runs them. */
public final class TargetContext {
    private final Map<String, String> inherited;
    private final Consumer<String> log;
    private final Consumer<String> hide;
    private final Recording recording;
    private final Set<String> told;
    private final ServiceFiles files;

    /**
     * @param inherited the environment variables of this process, or what Jenkins bound: where credentials come from
     * @param log told what is worth a line, such as an event of the cloud; without secrets
     */
    public TargetContext(Map<String, String> inherited, Consumer<String> log) {
        this(inherited, log, secret -> {});
    }

    /** @param hide told of each secret that a target has made, such as a token, before it is sent anywhere */
    public TargetContext(Map<String, String> inherited, Consumer<String> log, Consumer<String> hide) {
        this(inherited, log, hide, text -> text);
    }

    /** @param mask takes the secrets that are known by then out of what is recorded */
    public TargetContext(
            Map<String, String> inherited, Consumer<String> log, Consumer<String> hide, UnaryOperator<String> mask) {
        this.inherited = Map.copyOf(inherited);
        this.log = log;
        this.hide = hide;
        recording = Recording.of(inherited, mask, log);
        told = ConcurrentHashMap.newKeySet();
        files = ServiceFiles.NONE;
    }

    private TargetContext(TargetContext others, ServiceFiles files) {
        inherited = others.inherited;
        log = others.log;
        hide = others.hide;
        recording = others.recording;
        told = others.told;
        this.files = files;
    }

    /** The same, with files for the platform beside the image. */
    public TargetContext with(ServiceFiles found) {
        return new TargetContext(this, found);
    }

    /** Those of the commit that is deployed; none where nothing is. */
    public ServiceFiles files() {
        return files;
    }

    /** Where a client of a cloud hands in what it sends and receives. */
    public Recording recording() {
        return recording;
    }

    /** Has a secret masked from now on. */
    public void hide(String secret) {
        hide.accept(secret);
    }

    public Map<String, String> inherited() {
        return inherited;
    }

    /** The variable, or "". */
    public String get(String name) {
        return inherited.getOrDefault(name, "");
    }

    public Consumer<String> log() {
        return log;
    }

    /** Logs what no target of this run has logged yet. */
    public void once(String line) {
        if (told.add(line)) {
            log.accept(line);
        }
    }
}
