package io.jenkins.plugins.pymacaron.target;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What the targets of one run need of whoever runs them. */
public final class Surroundings {
    private final Map<String, String> inherited;
    private final Consumer<String> log;
    private final Consumer<String> hide;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param inherited the environment variables of this process, or what Jenkins bound: where credentials come from
     * @param log told what is worth a line, such as an event of the cloud; without secrets
     */
    public Surroundings(Map<String, String> inherited, Consumer<String> log) {
        this(inherited, log, secret -> {});
    }

    /** @param hide told of each secret that a target has made, such as a token, before it is sent anywhere */
    public Surroundings(Map<String, String> inherited, Consumer<String> log, Consumer<String> hide) {
        this.inherited = Map.copyOf(inherited);
        this.log = log;
        this.hide = hide;
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
